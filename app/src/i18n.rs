//! Every word on screen in the reader's language, and dates, numbers and names the way that language writes them.
//!
//! One message file for each language (and one more for the words of staff) is fetched and kept. Plurals, dates and
//! the names of countries and languages come from the browser's `Intl`. Does not know what the words are about.

mod format;

use std::collections::BTreeMap;
use std::sync::Arc;

use gloo_storage::{LocalStorage, Storage as _};
use leptos::prelude::*;
use shared::form::{Field, Form, ListKey};
use shared::lists;

use crate::api::fetch_file;
use crate::browser;

/// The languages of the screen, in the order they are offered, each with its own name.
pub const LOCALES: [(&str, &str); 2] = [("fr", "Français"), ("en", "English")];

/// The language of the screen until another is known.
const FALLBACK_LOCALE: &str = "fr";
/// Where the chosen language is kept; the first page reads it too.
const PREFERENCE: &str = "relais.lang";
/// A pause before the message files are asked for again, in milliseconds.
const RETRY_MS: u32 = 3_000;

type Messages = BTreeMap<String, String>;

/// The words of one language.
#[derive(Debug, Default)]
struct Catalogue {
    locale: &'static str,
    messages: Messages,
}

/// The words and the formats of the language in use. What reads them in a view is drawn again when the language
/// changes; nothing else is.
#[derive(Clone, Copy, Debug)]
pub struct I18n {
    catalogue: RwSignal<Arc<Catalogue>>,
    kept: StoredValue<Vec<Arc<Catalogue>>>,
    /// What stands before the language in the names of the message files.
    files: &'static [&'static str],
}

/// Returns the words of the page's language.
#[must_use]
pub fn use_i18n() -> I18n {
    expect_context()
}

impl I18n {
    /// Returns words yet to be loaded, from these files: `""` for everybody's, `"office."` for those of staff.
    #[must_use]
    pub fn new(files: &'static [&'static str]) -> Self {
        Self { catalogue: RwSignal::new(Arc::default()), kept: StoredValue::new(Vec::new()), files }
    }

    /// Loads the language this browser asks for, or chose last time; asks until one has come.
    pub async fn load(self) {
        let wished = first_choice();
        while !self.set_locale(wished).await && !self.set_locale(FALLBACK_LOCALE).await {
            browser::sleep(RETRY_MS).await;
        }
    }

    /// Takes up a language; its files are fetched once, then kept. Returns whether they came.
    pub async fn set_locale(self, locale: &'static str) -> bool {
        let kept = self.kept.with_value(|kept| kept.iter().find(|one| one.locale == locale).cloned());
        let catalogue = match kept {
            Some(kept) => kept,
            None => {
                let mut messages = Messages::new();
                for file in self.files {
                    let Some(found) = fetch_file::<Messages>(&format!("/messages/{file}{locale}.json")).await else {
                        return false;
                    };
                    messages.extend(found);
                }
                let catalogue = Arc::new(Catalogue { locale, messages });
                self.kept.update_value(|kept| kept.push(catalogue.clone()));
                catalogue
            }
        };
        // Without room for a preference the language holds until the page is left.
        let _ = LocalStorage::raw().set_item(PREFERENCE, locale);
        browser::set_root_attribute("lang", Some(locale));
        self.catalogue.set(catalogue);
        true
    }

    /// Returns whether words are there.
    #[must_use]
    pub fn is_loaded(self) -> bool {
        self.catalogue.with(|catalogue| !catalogue.locale.is_empty())
    }

    /// Returns the language in use (BCP-47).
    #[must_use]
    pub fn locale(self) -> &'static str {
        let locale = self.catalogue.with(|catalogue| catalogue.locale);
        if locale.is_empty() { FALLBACK_LOCALE } else { locale }
    }

    /// Returns the words of `key` as what stands in a view and follows the language.
    pub fn text(
        self,
        key: impl Into<std::borrow::Cow<'static, str>>,
    ) -> impl Fn() -> String + Clone + Send + Sync + 'static {
        let key = key.into();
        move || self.get(&key)
    }

    /// Returns the words of `key`; `None` when no file has them.
    #[must_use]
    pub fn find(self, key: &str) -> Option<String> {
        self.catalogue.with(|catalogue| catalogue.messages.get(key).cloned())
    }

    /// Returns the words of `key`; a missing key shows its last part.
    #[must_use]
    pub fn get(self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).replace('_', " "))
    }

    /// Returns the words of `key` with each `{name}` replaced.
    #[must_use]
    pub fn with(self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// Returns the words for `n` things: `key.one` or `key.other`, as the language counts.
    #[must_use]
    pub fn count(self, key: &str, n: usize) -> String {
        let category = format::plural_category(self.locale(), n);
        let text = self.find(&format!("{key}.{category}")).unwrap_or_else(|| self.get(&format!("{key}.other")));
        fill(text, &[("n", &self.number(i64::try_from(n).unwrap_or(i64::MAX)))])
    }

    /// Returns the words of a code; those of countries and languages come from the browser.
    #[must_use]
    pub fn code(self, list: ListKey, code: &str) -> String {
        if let Some(words) = self.find(&lists::message_key(list, code)) {
            return words;
        }
        match list {
            ListKey::Country | ListKey::PartnerCountry => format::country_name(self.locale(), code),
            ListKey::DocumentLanguage | ListKey::WorkingLanguage => format::language_name(self.locale(), code),
            _ => code.to_owned(),
        }
    }

    /// Returns a country's name; nothing for no country.
    #[must_use]
    pub fn country(self, iso: &str) -> String {
        if iso.is_empty() { String::new() } else { self.code(ListKey::Country, iso) }
    }

    /// Returns the codes of a list with their words; countries and languages in the reader's alphabet.
    #[must_use]
    pub fn options(self, list: ListKey) -> Vec<(&'static str, String)> {
        let mut options: Vec<_> = lists::codes(list).iter().map(|code| (*code, self.code(list, code))).collect();
        if matches!(list, ListKey::Country | ListKey::PartnerCountry | ListKey::WorkingLanguage) {
            format::sort_by_name(self.locale(), &mut options);
        }
        options
    }

    /// Returns words of a form's own, by the end of their key.
    #[must_use]
    pub fn of_form(self, form: &Form, key: &str) -> String {
        self.get(&format!("form.{}.{key}", form.key))
    }

    /// Returns the title of a section of a form.
    #[must_use]
    pub fn section(self, form: &Form, key: &str) -> String {
        self.of_form(form, &format!("section.{key}"))
    }

    /// Returns what helps with a whole section, if anything.
    #[must_use]
    pub fn section_hint(self, form: &Form, key: &str) -> Option<String> {
        self.find(&format!("form.{}.section.{key}.hint", form.key))
    }

    /// Returns what a field is called.
    #[must_use]
    pub fn label(self, form: &Form, field: &Field) -> String {
        self.of_form(form, &format!("{}.label", field.key))
    }

    /// Returns what helps to answer a field, if anything.
    #[must_use]
    pub fn hint(self, form: &Form, field: &Field) -> Option<String> {
        self.find(&format!("form.{}.{}.hint", form.key, field.key))
    }
}

fn fill(text: String, values: &[(&str, &str)]) -> String {
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn first_choice() -> &'static str {
    let chosen = LocalStorage::raw().get_item(PREFERENCE).ok().flatten();
    let wished = chosen.or_else(browser::preferred_language).unwrap_or_default();
    let known = LOCALES.iter().map(|(locale, _)| *locale).find(|locale| wished.starts_with(locale));
    known.unwrap_or(FALLBACK_LOCALE)
}
