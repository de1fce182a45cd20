//! Guards over the code lists, and the questions rules ask of them.

use std::collections::BTreeSet;

use super::{authority_types, codes, countries, holds, instruments, key, message_key, regions, themes};
use crate::form::ListKey;
use crate::value::Date;

const LISTS: &[ListKey] = &[
    ListKey::Channel,
    ListKey::RequestKind,
    ListKey::DocumentLanguage,
    ListKey::PartnerCountry,
    ListKey::Country,
    ListKey::Region,
    ListKey::AuthorityType,
    ListKey::AuthorityRole,
    ListKey::ContactChannel,
    ListKey::Pillar,
    ListKey::Theme,
    ListKey::ActivityType,
    ListKey::OutputType,
    ListKey::SdgTarget,
    ListKey::GcmObjective,
    ListKey::Urgency,
    ListKey::WorkingLanguage,
    ListKey::YesNo,
];

fn day(text: &str) -> Date {
    Date::parse(text).expect("a day")
}

#[test]
fn every_list_has_codes_and_none_twice() {
    for list in LISTS {
        let unique: BTreeSet<&&str> = codes(*list).iter().collect();
        assert!(!unique.is_empty() && unique.len() == codes(*list).len(), "{list:?}");
    }
    assert!(holds(ListKey::Theme, "LAB") && !holds(ListKey::Theme, "lab"));
    assert_eq!(message_key(ListKey::Country, "KE"), "list.country.KE");
}

#[test]
fn a_document_can_be_written_in_any_language_people_can_work_in_but_not_the_reverse() {
    assert_eq!(key(ListKey::DocumentLanguage), key(ListKey::WorkingLanguage));
    assert!(codes(ListKey::DocumentLanguage).iter().all(|code| holds(ListKey::WorkingLanguage, code)));
}

#[test]
fn partner_countries_are_those_some_instrument_covers() {
    let covered: BTreeSet<&str> = instruments::COVERAGES.iter().flat_map(|row| row.countries).copied().collect();
    assert_eq!(countries::PARTNERS.to_vec(), covered.into_iter().collect::<Vec<_>>());
    assert!(countries::PARTNERS.iter().all(|code| countries::ALL.contains(code)));
    assert_eq!((countries::ALL.len(), countries::IN_2018.len()), (249, 28));
}

#[test]
fn the_28_countries_are_covered_in_2018_and_in_2026_and_have_a_region() {
    for country in countries::IN_2018 {
        assert!(instruments::covers(country, day("2018-06-01")), "{country} in 2018");
        assert!(instruments::covers(country, day("2026-06-01")), "{country} in 2026");
        assert!(regions::region_of(country, day("2018-06-01")).is_some(), "{country} has no region");
        assert!(countries::WITH_WORDS.contains(country), "{country} has no words");
    }
}

#[test]
fn regions_count_as_in_the_report_of_2018() {
    let counts: Vec<usize> = regions::CODES
        .iter()
        .map(|region| {
            let here = |country: &&&str| regions::region_of(country, day("2018-06-01")) == Some(region);
            countries::IN_2018.iter().filter(here).count()
        })
        .collect();
    assert_eq!(counts, [6, 9, 4, 4, 5]);
    let members = |code: &str| {
        regions::MEMBERSHIPS.iter().filter(|row| row.region == code).map(|row| row.countries.len()).sum::<usize>()
    };
    assert_eq!((members("AFW"), members("NEI")), (16, 16), "16 governments each");
}

#[test]
fn instruments_change_with_the_day() {
    let instrument = |country, on| instruments::active(country, day(on)).map(|row| row.instrument).collect::<Vec<_>>();
    let cases: &[(&str, &str, &str, &[instruments::Instrument])] = &[
        ("Timor-Leste is no Asian DCI country", "TL", "2015-05-01", &[instruments::Instrument::Edf]),
        ("the Dominican Republic is no DCI country", "DO", "2018-05-01", &[instruments::Instrument::Edf]),
        ("South Africa is no EDF country", "ZA", "2018-05-01", &[instruments::Instrument::Dci]),
        ("last day of the old instruments", "KE", "2020-12-31", &[instruments::Instrument::Edf]),
        ("first day of the new one", "KE", "2021-01-01", &[instruments::Instrument::Ndici]),
        ("Bermuda until the withdrawal", "BM", "2020-01-31", &[instruments::Instrument::Oad]),
        ("Bermuda after it", "BM", "2020-02-01", &[]),
        ("Greenland stays", "GL", "2026-02-01", &[instruments::Instrument::Oad]),
        ("nothing is known before 2014", "KE", "2013-12-31", &[]),
        ("nothing is known after 2027", "KE", "2028-01-01", &[]),
        ("a member state", "FR", "2018-01-01", &[]),
    ];
    for (name, country, on, expected) in cases {
        assert_eq!(instrument(country, on), *expected, "{name}");
    }
}

#[test]
fn territories_number_25_and_later_13() {
    // Bonaire, Saba and St Eustatius share the code BQ.
    let on = |text| {
        let rows = instruments::COVERAGES.iter().filter(|row| row.instrument == instruments::Instrument::Oad);
        rows.filter(|row| row.from <= day(text) && day(text) <= row.to).map(|row| row.countries.len()).sum::<usize>()
            + 2
    };
    assert_eq!((on("2018-01-01"), on("2020-06-01")), (25, 13));
}

#[test]
fn themes_have_a_pillar_that_exists() {
    assert!(themes::THEMES.iter().all(|theme| themes::PILLARS.contains(&theme.pillar)));
    assert_eq!((themes::pillar_of("DIA"), themes::pillar_of("nothing")), (Some("MD"), None));
}

#[test]
fn authority_types_know_since_when_they_may_ask() {
    let since = |code| authority_types::authority_type(code).expect("a type").allowed_since();
    assert_eq!((since("ministry"), since("local")), (None, Some(day("2016-01-01"))));
    let joint_only: Vec<_> = authority_types::TYPES.iter().filter(|known| known.joint_only()).collect();
    assert_eq!(joint_only.len(), 3);
}

#[test]
fn old_names_lead_to_countries() {
    for (alias, code) in [("Cap-Vert", "CV"), (" cabo verde", "CV"), ("Côte d'Ivoire", "CI"), ("BIÉLORUSSIE", "BY")] {
        assert_eq!(countries::named(alias), Some(code), "{alias}");
    }
    assert_eq!(countries::named("Atlantide"), None);
    assert!(countries::ALIASES.iter().all(|(_, code)| countries::ALL.contains(code)));
}
