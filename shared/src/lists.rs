//! The code lists: which codes there are, and what the rules need to know of them.
//!
//! Codes stand in the order they are offered; a list of countries or languages is for the reader's
//! own alphabet to sort. Words on screen live in the message files under `list.<list>.<code>`. Only
//! countries that need a wording of their own are named there; for the others, and for nothing else,
//! the browser's `Intl.DisplayNames` is asked.

use crate::form::ListKey;

pub mod authority_types;
pub mod choices;
pub mod countries;
pub mod instruments;
pub mod regions;
pub mod themes;

/// Returns the codes of a list.
#[must_use]
pub const fn codes(list: ListKey) -> &'static [&'static str] {
    match list {
        ListKey::Channel => choices::CHANNELS,
        ListKey::RequestKind => choices::REQUEST_KINDS,
        ListKey::DocumentLanguage => choices::DOCUMENT_LANGUAGES,
        ListKey::PartnerCountry => countries::PARTNERS,
        ListKey::Country => countries::ALL,
        ListKey::Region => regions::CODES,
        ListKey::AuthorityType => authority_types::CODES,
        ListKey::AuthorityRole => choices::AUTHORITY_ROLES,
        ListKey::ContactChannel => choices::CONTACT_CHANNELS,
        ListKey::Pillar => themes::PILLARS,
        ListKey::Theme => themes::CODES,
        ListKey::ActivityType => choices::ACTIVITY_TYPES,
        ListKey::OutputType => choices::OUTPUT_TYPES,
        ListKey::SdgTarget => choices::SDG_TARGETS,
        ListKey::GcmObjective => choices::GCM_OBJECTIVES,
        ListKey::Urgency => choices::URGENCIES,
        ListKey::WorkingLanguage => choices::WORKING_LANGUAGES,
        ListKey::YesNo => choices::YES_NO,
    }
}

/// Returns whether `code` belongs to a list.
#[must_use]
pub fn holds(list: ListKey, code: &str) -> bool {
    codes(list).contains(&code)
}

/// Returns the list's name in message keys; lists that share their words share the name.
#[must_use]
pub const fn key(list: ListKey) -> &'static str {
    match list {
        ListKey::Channel => "channel",
        ListKey::RequestKind => "kind",
        ListKey::DocumentLanguage | ListKey::WorkingLanguage => "language",
        ListKey::PartnerCountry | ListKey::Country => "country",
        ListKey::Region => "region",
        ListKey::AuthorityType => "authority_type",
        ListKey::AuthorityRole => "role",
        ListKey::ContactChannel => "contact",
        ListKey::Pillar => "pillar",
        ListKey::Theme => "theme",
        ListKey::ActivityType => "activity",
        ListKey::OutputType => "output",
        ListKey::SdgTarget => "sdg",
        ListKey::GcmObjective => "gcm",
        ListKey::Urgency => "urgency",
        ListKey::YesNo => "yes_no",
    }
}

/// Returns the key of a code's words in the message files, e.g. `list.theme.LAB`.
#[must_use]
pub fn message_key(list: ListKey, code: &str) -> String {
    format!("list.{}.{code}", key(list))
}

#[cfg(test)]
mod tests;
