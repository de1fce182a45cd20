//! The request: what an authority writes to ask for expertise (domain.md §3.1).
//!
//! Sections stand in the order a person works through them. Reference, receipt and provisional code
//! belong to the envelope, not to the answers. Words on screen live in the message files.

use crate::form::opening::{FirstItem, Known, Opening};
use crate::form::summary::{Place, SummaryFields};
use crate::form::{Condition, Field, Form, FormId, Holds, ListKey, Rule, Section, Sensitivity, Test, TextShape};

pub mod assessment;
mod fields;
mod roles;
pub mod workflow;

pub use fields::*;

/// Names and titles of one line.
const NAME_MAX_CHARS: u32 = 200;
/// A person's names and function.
const PERSON_MAX_CHARS: u32 = 80;
/// A request's title, as in the reference list of actions.
const TITLE_MAX_CHARS: u32 = 160;
/// The longest prose: the context and the problem.
const LONG_MAX_CHARS: u32 = 4000;
/// Prose that carries an argument.
const MEDIUM_MAX_CHARS: u32 = 3000;
/// Prose that answers one question.
const SHORT_MAX_CHARS: u32 = 2000;
/// Most authorities of a joint or regional request.
const AUTHORITIES_MAX: u16 = 10;
/// Most activities a request may propose.
const ACTIVITIES_MAX: u16 = 10;
/// Most other bodies or donors.
const ACTORS_MAX: u16 = 20;
/// Most people one activity or one action reaches directly.
const PARTICIPANTS_MAX: i64 = 2000;

/// Code of the role exactly one authority has.
pub const ROLE_LEAD: &str = "lead";
/// Code of a request one authority makes.
pub const KIND_SINGLE: &str = "single";
/// Code of a request several authorities make together.
pub const KIND_JOINT: &str = "joint";
/// Authority types that need a government beside them (domain.md §3.1, `governmentEndorser`).
const NEEDS_ENDORSER: &[&str] = &["local", "cso", "ingo", "foundation"];

const AUTHORITY: &[Field] = &[
    Field::text(AUTHORITY_NAME, "authority_name", NAME_MAX_CHARS).required(),
    Field::text(AUTHORITY_ORIGINAL_NAME, "authority_original_name", NAME_MAX_CHARS),
    Field::text(AUTHORITY_UNIT, "authority_unit", NAME_MAX_CHARS),
    Field::choice(AUTHORITY_TYPE, "authority_type", ListKey::AuthorityType).required(),
    Field::choice(AUTHORITY_COUNTRY, "authority_country", ListKey::Country).required(),
    Field::choice(AUTHORITY_ROLE, "authority_role", ListKey::AuthorityRole).required(),
];

const ACTIVITY: &[Field] = &[
    Field::choice(ACTIVITY_TYPE, "activity_type", ListKey::ActivityType).required(),
    Field::text(ACTIVITY_TOPIC, "activity_topic", NAME_MAX_CHARS).required().in_language(),
    Field::month(ACTIVITY_MONTH, "activity_month"),
    Field::number(ACTIVITY_PARTICIPANTS, "activity_participants", 0, PARTICIPANTS_MAX),
];

const ACTOR: &[Field] = &[
    Field::text(ACTOR_NAME, "actor_name", NAME_MAX_CHARS).required(),
    Field::text(ACTOR_ROLE, "actor_role", NAME_MAX_CHARS).in_language(),
];

const DONOR: &[Field] = &[
    Field::text(DONOR_NAME, "donor_name", NAME_MAX_CHARS).required(),
    Field::text(DONOR_PROJECT, "donor_project", NAME_MAX_CHARS).in_language(),
];

const WHO: &[Field] = &[
    Field::choice(CHANNEL, "channel", ListKey::Channel).required().by_staff("portal"),
    Field::choice(KIND, "kind", ListKey::RequestKind).required(),
    Field::items(AUTHORITIES, "authorities", AUTHORITY, AUTHORITIES_MAX).required(),
    Field::text(GOVERNMENT_ENDORSER, "government_endorser", NAME_MAX_CHARS)
        .when(AUTHORITIES, Holds::Item(AUTHORITY_TYPE, NEEDS_ENDORSER)),
    Field::text(FOCAL_FAMILY_NAME, "focal_family_name", PERSON_MAX_CHARS).required().sensitivity(Sensitivity::Personal),
    Field::text(FOCAL_GIVEN_NAME, "focal_given_name", PERSON_MAX_CHARS).required().sensitivity(Sensitivity::Personal),
    Field::shaped(FOCAL_LATIN_NAME, "focal_latin_name", 2 * PERSON_MAX_CHARS, TextShape::Latin)
        .when(FOCAL_FAMILY_NAME, Holds::OtherScript)
        .sensitivity(Sensitivity::Personal),
    Field::text(FOCAL_TITLE, "focal_title", 40).sensitivity(Sensitivity::Personal),
    Field::text(FOCAL_FUNCTION, "focal_function", PERSON_MAX_CHARS).required().sensitivity(Sensitivity::Personal),
    Field::shaped(FOCAL_EMAIL, "focal_email", 254, TextShape::Email).sensitivity(Sensitivity::Personal),
    Field::shaped(FOCAL_PHONE, "focal_phone", 40, TextShape::Phone).sensitivity(Sensitivity::Personal),
    Field::choice(FOCAL_PREFERRED_CHANNEL, "focal_preferred_channel", ListKey::ContactChannel)
        .required()
        .sensitivity(Sensitivity::Personal),
    Field::choice(FOCAL_SAFE_TO_CONTACT, "focal_safe_to_contact", ListKey::YesNo)
        .required()
        .sensitivity(Sensitivity::Personal),
];

const SUBJECT: &[Field] = &[
    Field::text(TITLE, "title", TITLE_MAX_CHARS).required().in_language(),
    Field::choice(DOCUMENT_LANGUAGE, "document_language", ListKey::DocumentLanguage).required(),
    Field::choices(PARTNER_COUNTRIES, "partner_countries", ListKey::PartnerCountry)
        .required()
        .sensitivity(Sensitivity::Public),
    Field::choices(THEMATIC_AREAS, "thematic_areas", ListKey::Pillar).required().sensitivity(Sensitivity::Public),
    Field::choices(THEMES, "themes", ListKey::Theme).required().sensitivity(Sensitivity::Public),
];

const CONTEXT: &[Field] = &[
    Field::prose(CONTEXT_AND_PROBLEM, "context_and_problem", LONG_MAX_CHARS).required(),
    Field::prose(LEGAL_AND_POLICY_FRAMEWORK, "legal_and_policy_framework", MEDIUM_MAX_CHARS),
    Field::text(NATIONAL_STRATEGY, "national_strategy", NAME_MAX_CHARS).in_language(),
    Field::text(EU_FRAMEWORK, "eu_framework", NAME_MAX_CHARS).in_language(),
    Field::choices(SDG_TARGETS, "sdg_targets", ListKey::SdgTarget),
    Field::choices(GCM_OBJECTIVES, "gcm_objectives", ListKey::GcmObjective),
];

const NEEDS: &[Field] = &[
    Field::prose(GAP_INDIVIDUAL, "gap_individual", SHORT_MAX_CHARS),
    Field::prose(GAP_ORGANISATIONAL, "gap_organisational", SHORT_MAX_CHARS),
    Field::prose(GAP_ENABLING, "gap_enabling", SHORT_MAX_CHARS),
];

const RESULTS: &[Field] = &[
    Field::prose(OBJECTIVES, "objectives", MEDIUM_MAX_CHARS).required(),
    Field::prose(EXPECTED_RESULTS, "expected_results", MEDIUM_MAX_CHARS).required(),
    Field::choices(EXPECTED_OUTPUTS, "expected_outputs", ListKey::OutputType).required(),
    Field::ordered(PROPOSED_ACTIVITIES, "proposed_activities", ACTIVITY, ACTIVITIES_MAX),
];

const PEOPLE: &[Field] = &[
    Field::prose(TARGET_GROUPS, "target_groups", SHORT_MAX_CHARS).required(),
    Field::number(ESTIMATED_PARTICIPANTS, "estimated_participants", 1, PARTICIPANTS_MAX),
    Field::number(WOMEN_SHARE, "women_share", 0, 100),
    Field::prose(EXPERTISE_PROFILE, "expertise_profile", SHORT_MAX_CHARS),
    Field::choices(EXPERTISE_COUNTRIES, "expertise_countries", ListKey::Country),
    Field::choices(EXPERTISE_LANGUAGES, "expertise_languages", ListKey::WorkingLanguage),
];

const OTHERS: &[Field] = &[
    Field::items(INTERAGENCY_ACTORS, "interagency_actors", ACTOR, ACTORS_MAX).required(),
    Field::flag(NO_PREVIOUS_COOPERATION, "no_previous_cooperation"),
    Field::prose(PREVIOUS_COOPERATION, "previous_cooperation", SHORT_MAX_CHARS)
        .when(NO_PREVIOUS_COOPERATION, Holds::NotTicked),
    Field::shaped(EARLIER_REFERENCES, "earlier_references", NAME_MAX_CHARS, TextShape::References)
        .when(KIND, Holds::Code("follow_up")),
    Field::flag(NO_OTHER_DONORS, "no_other_donors"),
    Field::items(OTHER_DONORS, "other_donors", DONOR, ACTORS_MAX).when(NO_OTHER_DONORS, Holds::NotTicked),
    Field::choice(EU_DELEGATION_INFORMED, "eu_delegation_informed", ListKey::YesNo)
        .required()
        .sensitivity(Sensitivity::Personal),
    Field::text(EU_DELEGATION_CONTACT, "eu_delegation_contact", NAME_MAX_CHARS).sensitivity(Sensitivity::Personal),
];

const RIGHTS: &[Field] = &[
    Field::prose(GENDER_AND_RIGHTS, "gender_and_rights", SHORT_MAX_CHARS).required(),
    Field::prose(SUSTAINABILITY, "sustainability", SHORT_MAX_CHARS).required(),
    Field::prose(PARTNER_CONTRIBUTION, "partner_contribution", SHORT_MAX_CHARS).required(),
];

const TIMING: &[Field] = &[
    Field::day(EARLIEST, "earliest").required(),
    Field::day(LATEST, "latest").required(),
    Field::choice(URGENCY, "urgency", ListKey::Urgency).required(),
    Field::text(URGENCY_REASON, "urgency_reason", NAME_MAX_CHARS).in_language().when(URGENCY, Holds::Code("urgent")),
    Field::choices(WORKING_LANGUAGES, "working_languages", ListKey::WorkingLanguage).required(),
    Field::choice(INTERPRETATION_NEEDED, "interpretation_needed", ListKey::YesNo).required(),
];

const NOTE: &[Field] = &[Field::prose(SENSITIVITIES, "sensitivities", SHORT_MAX_CHARS).in_note()];

// A letter that does not follow has reached staff by another road, and its signatory is known.
const LETTER: &[Field] = &[
    Field::flag(LETTER_TO_FOLLOW, "letter_to_follow"),
    Field::day(LETTER_EXPECTED_ON, "letter_expected_on").when(LETTER_TO_FOLLOW, Holds::Ticked),
    Field::text(SIGNATORY_NAME, "signatory_name", PERSON_MAX_CHARS)
        .when(LETTER_TO_FOLLOW, Holds::NotTicked)
        .sensitivity(Sensitivity::High),
    Field::text(SIGNATORY_FUNCTION, "signatory_function", PERSON_MAX_CHARS)
        .when(LETTER_TO_FOLLOW, Holds::NotTicked)
        .sensitivity(Sensitivity::High),
    Field::day(SIGNATORY_DATE, "signatory_date")
        .when(LETTER_TO_FOLLOW, Holds::NotTicked)
        .sensitivity(Sensitivity::High),
    Field::flag(DECLARES_MANDATE, "declares_mandate").required(),
    Field::flag(DECLARES_NOTICE_READ, "declares_notice_read").required(),
    Field::flag(DECLARES_NO_VICTIM_DATA, "declares_no_victim_data").required(),
];

const JOINT: Condition = Condition { field: KIND, holds: Holds::Code(KIND_JOINT) };

const RULES: &[Rule] = &[
    Rule { key: "one_lead", at: AUTHORITIES, test: Test::ExactlyOne(AUTHORITIES, AUTHORITY_ROLE, ROLE_LEAD) },
    Rule { key: "joint_needs_two", at: AUTHORITIES, test: Test::ItemsWhen(AUTHORITIES, 2, JOINT) },
    Rule { key: "email_or_phone", at: FOCAL_EMAIL, test: Test::AnyOf(&[FOCAL_EMAIL, FOCAL_PHONE]) },
    Rule {
        key: "one_capacity_gap",
        at: GAP_INDIVIDUAL,
        test: Test::AnyOf(&[GAP_INDIVIDUAL, GAP_ORGANISATIONAL, GAP_ENABLING]),
    },
    Rule { key: "latest_after_earliest", at: LATEST, test: Test::NotBefore(EARLIEST, LATEST) },
    Rule { key: "latest_not_past", at: LATEST, test: Test::NotPast(LATEST) },
    Rule { key: "letter_not_past", at: LETTER_EXPECTED_ON, test: Test::NotPast(LETTER_EXPECTED_ON) },
];

/// The request.
pub static FORM: Form = Form {
    id: FormId(1),
    key: "request",
    version: 1,
    sections: &[
        Section { key: "who", fields: WHO },
        Section { key: "subject", fields: SUBJECT },
        Section { key: "context", fields: CONTEXT },
        Section { key: "needs", fields: NEEDS },
        Section { key: "results", fields: RESULTS },
        Section { key: "people", fields: PEOPLE },
        Section { key: "others", fields: OTHERS },
        Section { key: "rights", fields: RIGHTS },
        Section { key: "timing", fields: TIMING },
        Section { key: "note", fields: NOTE },
        Section { key: "letter", fields: LETTER },
    ],
    rules: RULES,
    opening: Opening {
        asks: &[KIND, TITLE, DOCUMENT_LANGUAGE],
        presets: &[(KIND, KIND_SINGLE)],
        item: Some(FirstItem {
            list: AUTHORITIES,
            fills: &[
                (AUTHORITY_NAME, Known::AuthorityName),
                (AUTHORITY_TYPE, Known::AuthorityType),
                (AUTHORITY_COUNTRY, Known::AuthorityCountry),
                (AUTHORITY_ROLE, Known::Code(ROLE_LEAD)),
            ],
        }),
    },
    summary: SummaryFields {
        title: Some(TITLE),
        language: Some(DOCUMENT_LANGUAGE),
        // Until it says which countries it is about, it is about those of whoever asks.
        countries: &[Place::Field(PARTNER_COUNTRIES), Place::Items(AUTHORITIES, AUTHORITY_COUNTRY)],
        themes: Some(THEMES),
        owners: Some(Place::Items(AUTHORITIES, AUTHORITY_NAME)),
        date: Some(LATEST),
        awaits: Some(LETTER_TO_FOLLOW),
    },
    workflow: workflow::WORKFLOW,
    roles: roles::ROLES,
    assessment: Some(assessment::RULES),
};

#[cfg(test)]
pub(crate) mod example;
#[cfg(test)]
mod tests;
