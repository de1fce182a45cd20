//! Every word on screen, in the reader's language, and dates and numbers the way that language
//! writes them.
//!
//! One message file per language is fetched and kept; plurals, dates and the names of countries and
//! languages come from the browser's `Intl`. Does not know what the words are about.

use std::cell::RefCell;

use js_sys::{Object, Reflect};
use shared::form::{Field, ListKey};
use shared::lists;
use shared::value::Date;
use wasm_bindgen::JsValue;

use crate::parts::dom;
use crate::state::RwSignal;

/// The languages of the screen, in the order they are offered, each with its own name.
pub const LANGS: [(&str, &str); 2] = [("fr", "Français"), ("en", "English")];

/// What stands before the language in the names of the message files: everybody's and, for staff, the office's.
const FILES: &[&str] = if cfg!(feature = "office") { &["", "office."] } else { &[""] };

thread_local! {
    static BOOK: RefCell<Book> = RefCell::new(Book::default());
}

#[derive(Default)]
struct Book {
    lang: String,
    /// The files of the language in use, as the browser read them.
    files: Vec<JsValue>,
    kept: Vec<(String, Vec<JsValue>)>,
}

/// Raised when the language changes; pages listen to it and are drawn anew.
#[derive(Clone, Copy)]
pub struct Spoken(pub RwSignal<String>);

/// Returns the language in use (BCP-47).
pub fn lang() -> String {
    BOOK.with_borrow(|book| if book.lang.is_empty() { "fr".to_owned() } else { book.lang.clone() })
}

/// Returns the language this browser asks for, or chose last time.
pub fn first_choice() -> String {
    let wished = dom::keep_get("relais.lang")
        .or_else(|| dom::get(&dom::navigator(), "language").as_string())
        .unwrap_or_default();
    let known = |lang: &&str| wished.trim_matches('"').starts_with(*lang);
    LANGS.iter().map(|(lang, _)| *lang).find(known).unwrap_or("fr").to_owned()
}

/// Takes up `lang`: its files are fetched once, then kept. Returns whether they came.
pub async fn speak(spoken: Spoken, lang: &str) -> bool {
    if !BOOK.with_borrow(|book| book.kept.iter().any(|(kept, _)| kept == lang)) {
        let mut files = Vec::new();
        for name in FILES {
            let Some(file) = dom::fetch_json(&format!("/messages/{name}{lang}.json")).await else { return false };
            files.push(file);
        }
        BOOK.with_borrow_mut(|book| book.kept.push((lang.to_owned(), files)));
    }
    BOOK.with_borrow_mut(|book| {
        let kept = book.kept.iter().find(|(kept, _)| kept == lang);
        book.files = kept.map(|(_, files)| files.clone()).unwrap_or_default();
        book.lang = lang.to_owned();
    });
    dom::keep_set("relais.lang", lang);
    dom::set_root("lang", lang);
    spoken.0.set(lang.to_owned());
    true
}

/// Returns the words of `key`; `None` when no file has them.
pub fn find(key: &str) -> Option<String> {
    BOOK.with_borrow(|book| book.files.iter().find_map(|file| look_up(file, key)))
}

/// Goes from branch to branch. The words of a key that others begin with stand under no name.
fn look_up(file: &JsValue, key: &str) -> Option<String> {
    let found = key.split('.').fold(file.clone(), |branch, step| dom::get(&branch, step));
    found.as_string().or_else(|| dom::get(&found, "").as_string())
}

/// Returns the words of `key`; a missing key shows its last part.
pub fn t(key: &str) -> String {
    find(key).unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).replace('_', " "))
}

/// Returns the words of `key` with `{name}` replaced.
pub fn with(key: &str, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

fn fill(text: String, values: &[(&str, &str)]) -> String {
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// Returns the words for `n` things: `key.one` or `key.other`, as the language counts.
pub fn count(key: &str, n: usize) -> String {
    count_with(key, n, &[])
}

/// Returns the words for `n` things with further values.
pub fn count_with(key: &str, n: usize, values: &[(&str, &str)]) -> String {
    let number = JsValue::from_f64(n as f64);
    let rules = dom::intl("PluralRules", &lang(), &Object::new());
    let category = dom::call(&rules, "select", &[number]).as_string().unwrap_or_default();
    let text = find(&format!("{key}.{category}")).unwrap_or_else(|| t(&format!("{key}.other")));
    fill(text, values).replace("{n}", &self::number(n as i64))
}

/// Returns a number with the language's own grouping.
pub fn number(n: i64) -> String {
    let format = dom::intl("NumberFormat", &lang(), &Object::new());
    dom::call(&format, "format", &[JsValue::from_f64(n as f64)]).as_string().unwrap_or_else(|| n.to_string())
}

/// Returns a size in bytes for people.
pub fn size(bytes: f64) -> String {
    let (value, unit) = match bytes {
        b if b < 1_000_000.0 => ((b / 1_000.0).max(0.1), "kilobyte"),
        b if b < 1_000_000_000.0 => (b / 1_000_000.0, "megabyte"),
        b => (b / 1_000_000_000.0, "gigabyte"),
    };
    let options = options(&[("style", "unit"), ("unit", unit)]);
    let _ = Reflect::set(&options, &"maximumFractionDigits".into(), &1.into());
    let format = dom::intl("NumberFormat", &lang(), &options);
    dom::call(&format, "format", &[value.into()]).as_string().unwrap_or_default()
}

fn options(pairs: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in pairs {
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

fn date_text(ms: i64, pairs: &[(&str, &str)]) -> String {
    // English is read in many countries, in few of which the month comes first.
    let lang = if lang() == "en" { "en-GB".to_owned() } else { lang() };
    let format = dom::intl("DateTimeFormat", &lang, &options(pairs));
    dom::call(&format, "format", &[JsValue::from_f64(ms as f64)]).as_string().unwrap_or_default()
}

/// Returns a moment: the time today, yesterday with its time, else the day.
pub fn moment(ms: i64) -> String {
    const DAY: i64 = 86_400_000;
    let now = dom::now_ms();
    let time = || date_text(ms, &[("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")]);
    let day = |ms| date_text(ms, &[("dateStyle", "short")]);
    if day(ms) == day(now) {
        time()
    } else if day(ms) == day(now - DAY) {
        with("ui.time.yesterday", &[("time", &time())])
    } else if (now - ms).abs() < 200 * DAY {
        date_text(ms, &[("day", "numeric"), ("month", "short")])
    } else {
        date_text(ms, &[("day", "numeric"), ("month", "short"), ("year", "numeric")])
    }
}

/// Returns a day with its time, for paper.
pub fn instant(ms: i64) -> String {
    date_text(ms, &[("dateStyle", "long"), ("timeStyle", "short")])
}

/// Returns a calendar day, or a month.
pub fn day(date: Date) -> String {
    const NOON: &str = "T12:00:00Z";
    let text = if date.day == 0 { format!("{date}-01{NOON}") } else { format!("{date}{NOON}") };
    let ms = js_sys::Date::parse(&text) as i64;
    let mut pairs = vec![("month", "long"), ("year", "numeric"), ("timeZone", "UTC")];
    if date.day > 0 {
        pairs.push(("day", "numeric"));
    }
    date_text(ms, &pairs)
}

/// Returns the words of a code; countries and languages come from the browser.
pub fn code(list: ListKey, code: &str) -> String {
    if let Some(words) = find(&lists::message_key(list, code)) {
        return words;
    }
    let kind = match list {
        ListKey::Country | ListKey::PartnerCountry => "region",
        ListKey::DocumentLanguage | ListKey::WorkingLanguage => "language",
        _ => return code.to_owned(),
    };
    let names = dom::intl("DisplayNames", &lang(), &options(&[("type", kind)]));
    dom::call(&names, "of", &[code.into()]).as_string().unwrap_or_else(|| code.to_owned())
}

/// Returns a country's name; nothing for no country.
pub fn country(iso: &str) -> String {
    if iso.is_empty() { String::new() } else { code(ListKey::Country, iso) }
}

/// Returns the title of a section.
pub fn section(key: &str) -> String {
    t(&format!("form.request.section.{key}"))
}

/// Returns what helps with a whole section, if anything.
pub fn section_hint(key: &str) -> Option<String> {
    find(&format!("form.request.section.{key}.hint"))
}

/// Returns what a field is called.
pub fn label(field: &Field) -> String {
    t(&format!("form.request.{}.label", field.key))
}

/// Returns what helps to answer a field, if anything.
pub fn hint(field: &Field) -> Option<String> {
    find(&format!("form.request.{}.hint", field.key))
}
