//! What `--demo` loads, as somebody opening the portal for the first time would look at it.

use std::collections::{BTreeMap, BTreeSet};

use server::config::Config;
use server::{Server, demo};
use shared::answers::Answers;
use shared::check::{Severity, check};
use shared::form::assessment::{Assessment, Outcome};
use shared::form::workflow::State;
use shared::forms::request;
use shared::forms::request::assessment::RuleId;
use shared::forms::request::workflow::{DRAFT, RECEIVED, REGISTERED, RETURNED};
use shared::ids::Scope;
use shared::op::from_bytes;
use shared::value::{Date, Target};

/// Countries of the regional statistics of 2018, domain.md §4.2.
const COUNTRIES: &[&str] = &[
    "BF", "BJ", "BY", "CD", "CF", "CR", "CV", "DO", "GH", "GW", "JO", "KE", "MD", "MG", "ML", "MM", "MW", "MX", "NE",
    "NG", "PE", "PY", "RW", "TG", "TH", "TJ", "TL", "TN",
];

async fn demo_in(folder: &std::path::Path) -> Server {
    let server = server::open(Config::in_folder(folder.to_owned())).await.expect("the server opens");
    demo::load(&server).await.expect("the demo loads");
    server
}

/// State and title of every request.
async fn requests(server: &Server) -> BTreeMap<String, State> {
    let documents: Vec<_> = server.ledger.look(|committed| committed.envelopes.keys().copied().collect());
    let mut found = BTreeMap::new();
    for document in documents {
        let sides = server.ledger.sides(document).await.expect("readable");
        let shared = &sides[&Scope::shared(document)];
        found.insert(shared.answers().text(Target::of(request::TITLE)).to_owned(), shared.state);
    }
    found
}

#[tokio::test]
async fn every_country_has_a_focal_point_and_requests_stand_in_many_states() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo_in(folder.path()).await;
    let authorities = server.store.authorities().await.expect("readable");
    let countries: BTreeSet<&str> = authorities.iter().map(|authority| authority.country.as_str()).collect();
    assert_eq!(countries, COUNTRIES.iter().copied().collect());
    let expected = [
        ("Afrique de l’Ouest : migration et environnement", RECEIVED),
        ("Costa Rica III: situaciones migratorias especiales", RECEIVED),
        ("Kenya II: migration data", REGISTERED),
        ("Mali : écouter les femmes restées au village", RECEIVED),
        ("Niger : migration et jeunesse", RETURNED),
        ("Timor-Leste II: tráfico de pessoas", DRAFT),
    ];
    assert_eq!(requests(&server).await, expected.map(|(title, state)| (title.to_owned(), state)).into());
}

/// Country and type of each authority that asks.
fn authorities(answers: &Answers) -> BTreeSet<(&str, &str)> {
    let items = answers.items(request::AUTHORITIES).iter();
    let of = |item, field| answers.code(Target::in_item(item, field)).unwrap_or_default();
    items.map(|item| (of(*item, request::AUTHORITY_COUNTRY), of(*item, request::AUTHORITY_TYPE))).collect()
}

#[tokio::test]
async fn requests_are_in_four_languages_and_are_asked_for_by_one_authority_two_or_three_countries() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo_in(folder.path()).await;
    let documents: Vec<_> = server.ledger.look(|committed| committed.envelopes.keys().copied().collect());
    let mut languages = BTreeSet::new();
    let mut asked_by = BTreeMap::new();
    for document in documents {
        let sides = server.ledger.sides(document).await.expect("readable");
        let answers = sides[&Scope::shared(document)].answers();
        languages.extend(answers.code(Target::of(request::DOCUMENT_LANGUAGE)).map(ToOwned::to_owned));
        let title = answers.text(Target::of(request::TITLE));
        let kind = answers.code(Target::of(request::KIND)).unwrap_or_default().to_owned();
        let place = title.split_once([' ', ':']).map_or(title, |(place, _)| place).to_owned();
        let all = authorities(&answers).into_iter().map(|(country, kind)| format!("{country} {kind}")).collect();
        asked_by.insert(place, (kind, all));
    }
    assert_eq!(languages, ["en", "es", "fr", "pt"].map(ToOwned::to_owned).into());
    let by = |place: &str| -> &(String, Vec<String>) { &asked_by[place] };
    assert_eq!(*by("Niger"), ("joint".to_owned(), vec!["NE cso".to_owned(), "NE ministry".to_owned()]));
    let (kind, west_africa) = by("Afrique");
    let countries: BTreeSet<&str> = west_africa.iter().filter_map(|one| one.split(' ').next()).collect();
    assert_eq!((kind.as_str(), countries), ("regional", ["BJ", "GW", "TG"].into()));
}

#[tokio::test]
async fn loading_the_demo_twice_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo_in(folder.path()).await;
    let before = (server.ledger.look(|committed| committed.head), server.store.people().await.expect("readable").len());
    demo::load(&server).await.expect("the demo loads again");
    let after = (server.ledger.look(|committed| committed.head), server.store.people().await.expect("readable").len());
    assert_eq!(before, after);
}

#[tokio::test]
async fn requests_that_were_sent_are_complete_and_civil_society_alone_is_not_eligible() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo_in(folder.path()).await;
    let today = Date::from_unix_ms(server.config.clock.now_ms());
    let documents: Vec<_> = server.ledger.look(|committed| committed.envelopes.keys().copied().collect());
    let mut refused = Vec::new();
    for document in documents {
        let sides = server.ledger.sides(document).await.expect("readable");
        let answers = sides[&Scope::shared(document)].answers();
        let title = answers.text(Target::of(request::TITLE)).to_owned();
        let Some(internal) = sides.get(&Scope::internal(document)) else { continue };
        let problems = check(&request::FORM, &answers, today);
        let blocking: Vec<_> = problems.iter().filter(|problem| problem.severity == Severity::Blocks).collect();
        assert!(blocking.is_empty(), "{title}: {blocking:?}");
        let version = internal.versions.last().expect("a version was received");
        let assessment: Assessment = from_bytes(&version.assessment).expect("an assessment");
        let failed = assessment.findings.iter().filter(|finding| finding.outcome == Outcome::Fails);
        refused.extend(failed.map(|finding| (title.clone(), finding.rule)));
    }
    assert_eq!(refused, [("Mali : écouter les femmes restées au village".to_owned(), RuleId::E3 as u8)]);
}
