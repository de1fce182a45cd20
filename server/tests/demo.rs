//! What `--demo` loads, as somebody opening the portal for the first time would look at it.

use std::collections::{BTreeMap, BTreeSet};

use server::config::Config;
use server::{Server, demo};
use shared::check::{Severity, check};
use shared::eligibility::{Assessment, Outcome, RuleId};
use shared::forms::request;
use shared::ids::Scope;
use shared::op::from_bytes;
use shared::value::{Date, Target};
use shared::workflow::State;

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
        ("Afrique de l’Ouest : migration et environnement", State::Received),
        ("Costa Rica III: situaciones migratorias especiales", State::Received),
        ("Kenya II: migration data", State::Registered),
        ("Mali : écouter les femmes restées au village", State::Received),
        ("Niger : migration et jeunesse", State::Returned),
        ("Timor-Leste II: tráfico de pessoas", State::Draft),
    ];
    assert_eq!(requests(&server).await, expected.map(|(title, state)| (title.to_owned(), state)).into());
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
    assert_eq!(refused, [("Mali : écouter les femmes restées au village".to_owned(), RuleId::E3)]);
}
