//! Dates, numbers, plurals and names as a language writes them, by the browser's `Intl`.
//!
//! Does not know the message files, but for the one word of yesterday.

use js_sys::Intl::{
    Collator, DateTimeFormat, DateTimeFormatOptions, DateTimeStyle, DayFormat, DisplayNames, DisplayNamesOptions,
    DisplayNamesType, HourCycle, MonthFormat, NumberFormat, NumberFormatOptions, NumberFormatStyle, NumericFormat,
    PluralRules, YearFormat,
};
use js_sys::{Array, Date as JsDate, Object};
use shared::value::Date;
use wasm_bindgen::JsValue;

use super::I18n;
use crate::browser;

const DAY_MS: i64 = 86_400_000;
/// A day further away than this is written with its year.
const WITHOUT_YEAR_MS_MAX: i64 = 200 * DAY_MS;

impl I18n {
    /// Returns a number with the language's own grouping.
    #[must_use]
    pub fn number(self, n: i64) -> String {
        let format = NumberFormat::new(&locales(self.locale()), &Object::new());
        string(format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(n as f64)))
    }

    /// Returns a size in bytes for people.
    #[must_use]
    pub fn size(self, bytes: f64) -> String {
        let (value, unit) = match bytes {
            b if b < 1_000_000.0 => ((b / 1_000.0).max(0.1), "kilobyte"),
            b if b < 1_000_000_000.0 => (b / 1_000_000.0, "megabyte"),
            b => (b / 1_000_000_000.0, "gigabyte"),
        };
        let options = NumberFormatOptions::new();
        options.set_style(NumberFormatStyle::Unit);
        options.set_unit(unit);
        options.set_maximum_fraction_digits(1);
        let format = NumberFormat::new(&locales(self.locale()), &options);
        string(format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(value)))
    }

    /// Returns a moment: the time today, yesterday with its time, else the day.
    #[must_use]
    pub fn moment(self, ms: i64) -> String {
        let now = browser::now_ms();
        let time = || {
            let options = DateTimeFormatOptions::new();
            options.set_hour(NumericFormat::TwoDigit);
            options.set_minute(NumericFormat::TwoDigit);
            options.set_hour_cycle(HourCycle::H23);
            self.date(ms, &options)
        };
        let day = |ms| {
            let options = DateTimeFormatOptions::new();
            options.set_date_style(DateTimeStyle::Short);
            self.date(ms, &options)
        };
        if day(ms) == day(now) {
            return time();
        }
        if day(ms) == day(now - DAY_MS) {
            return self.with("ui.time.yesterday", &[("time", &time())]);
        }
        let options = DateTimeFormatOptions::new();
        options.set_day(DayFormat::Numeric);
        options.set_month(MonthFormat::Short);
        if (now - ms).abs() >= WITHOUT_YEAR_MS_MAX {
            options.set_year(YearFormat::Numeric);
        }
        self.date(ms, &options)
    }

    /// Returns a day with its time, for paper.
    #[must_use]
    pub fn instant(self, ms: i64) -> String {
        let options = DateTimeFormatOptions::new();
        options.set_date_style(DateTimeStyle::Long);
        options.set_time_style(DateTimeStyle::Short);
        self.date(ms, &options)
    }

    /// Returns a calendar day, or a month.
    #[must_use]
    pub fn day(self, date: Date) -> String {
        const NOON: &str = "T12:00:00Z";
        let text = if date.day == 0 { format!("{date}-01{NOON}") } else { format!("{date}{NOON}") };
        let options = DateTimeFormatOptions::new();
        options.set_month(MonthFormat::Long);
        options.set_year(YearFormat::Numeric);
        options.set_time_zone("UTC");
        if date.day > 0 {
            options.set_day(DayFormat::Numeric);
        }
        self.date(JsDate::parse(&text) as i64, &options)
    }

    fn date(self, ms: i64, options: &DateTimeFormatOptions) -> String {
        // English is read in many countries, in few of which the month comes first.
        let locale = if self.locale() == "en" { "en-GB" } else { self.locale() };
        let format = DateTimeFormat::new(&locales(locale), options);
        string(format.format().call1(&JsValue::UNDEFINED, &JsValue::from_f64(ms as f64)))
    }
}

/// Returns the category of a count, e.g. `one` or `other`.
pub(super) fn plural_category(locale: &str, n: usize) -> String {
    PluralRules::new(&locales(locale), &Object::new()).select(n as f64).into()
}

/// Returns a country's name, or its code where the browser knows none.
pub(super) fn country_name(locale: &str, iso: &str) -> String {
    display_name(locale, DisplayNamesType::Region, iso)
}

/// Returns a language's name, or its code where the browser knows none.
pub(super) fn language_name(locale: &str, code: &str) -> String {
    display_name(locale, DisplayNamesType::Language, code)
}

fn display_name(locale: &str, kind: DisplayNamesType, code: &str) -> String {
    // `Intl` throws at what cannot be a code at all, and a newer version may have written one.
    if !(2..=3).contains(&code.len()) || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return code.to_owned();
    }
    let options = DisplayNamesOptions::new();
    options.set_type(kind);
    let names = DisplayNames::new(&locales(locale), &options);
    names.of(code).map_or_else(|| code.to_owned(), String::from)
}

/// Sorts codes by their names in the reader's alphabet.
pub(super) fn sort_by_name(locale: &str, options: &mut [(&'static str, String)]) {
    let compare = Collator::new(&locales(locale), &Object::new()).compare();
    options.sort_by(|(_, left), (_, right)| {
        let order = compare.call2(&JsValue::UNDEFINED, &left.into(), &right.into());
        order.ok().and_then(|order| order.as_f64()).unwrap_or(0.0).total_cmp(&0.0)
    });
}

fn locales(locale: &str) -> Array {
    Array::of1(&locale.into())
}

fn string(formatted: Result<JsValue, JsValue>) -> String {
    formatted.ok().and_then(|text| text.as_string()).unwrap_or_default()
}
