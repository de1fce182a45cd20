//! The report of a visit: a document type that tests alone know. It differs from the request in
//! everything a form owns: who opens it, whom it names, its states, its tree, its table, its rules.
//!
//! Nothing outside this folder names it; `tests/life.rs` sees to that.

use shared::answers::Answers;
use shared::form::assessment::{AssessmentRules, DetailDefinition, Facts, Finding, Outcome, ValueKind};
use shared::form::opening::Opening;
use shared::form::roles::{Grant, Part, PartDefinition, Reads, Roles, Since, Talk, Who};
use shared::form::summary::{Place, SummaryFields};
use shared::form::workflow::{Action, Ask, Deed, Move, Phase, State, StateDefinition, Workflow};
use shared::form::{Field, Form, FormId, ListKey, Rule, Section, Test};
use shared::forms;
use shared::role::Role;
use shared::value::FieldId;

pub const PLACE: FieldId = FieldId(9_001);
pub const REPORT: FieldId = FieldId(9_002);
pub const COUNTRIES: FieldId = FieldId(9_003);
pub const STOPS: FieldId = FieldId(9_004);
pub const STOP_NAME: FieldId = FieldId(9_005);
pub const PEOPLE: FieldId = FieldId(9_006);
pub const PERSON_NAME: FieldId = FieldId(9_007);
pub const DAYS: FieldId = FieldId(9_008);
pub const DAY: FieldId = FieldId(9_009);
pub const PRESENCE: FieldId = FieldId(9_010);
pub const PRESENT: FieldId = FieldId(9_011);
/// The field that was added last.
pub const ARRIVED: FieldId = FieldId(9_012);

const STOP: &[Field] = &[Field::text(STOP_NAME, "stop_name", 80).required()];
const PERSON: &[Field] = &[Field::text(PERSON_NAME, "person_name", 80).required()];
const ONE_DAY: &[Field] = &[Field::day(DAY, "day").required()];
const CELL: &[Field] = &[Field::choice(PRESENT, "present", ListKey::YesNo)];

const PLAN: &[Field] = &[
    Field::text(PLACE, "place", 80).required(),
    Field::choices(COUNTRIES, "countries", ListKey::Country),
    Field::tree(STOPS, "stops", STOP, 20),
];
const PEOPLE_AND_DAYS: &[Field] = &[
    Field::items(PEOPLE, "people", PERSON, 20),
    Field::ordered(DAYS, "days", ONE_DAY, 10),
    Field::table(PRESENCE, "presence", PEOPLE, DAYS, CELL),
];
const TOLD: &[Field] = &[Field::prose(REPORT, "report", 500).required(), Field::day(ARRIVED, "arrived").required()];

pub const PLANNED: State = State(0);
pub const UNDER_WAY: State = State(1);
pub const REPORTED: State = State(2);
pub const AGREED: State = State(3);

pub const START: Action = Action(1);
pub const HAND_IN: Action = Action(2);
pub const AGREE: Action = Action(3);
pub const TAKE_UP: Action = Action(4);
pub const ADOPT: Action = Action(5);

/// Whoever opens a visit leads it.
pub const LEAD: Part = Part(0);
pub const MEMBER: Part = Part(1);

const TEAM: &[Who] = &[Who::Named(LEAD), Who::Named(MEMBER)];
const LEADS: &[Who] = &[Who::Named(LEAD)];
const STAFF: &[Who] = &[Who::Role(Role::ProjectOfficer)];

const fn state(state: State, key: &'static str, phase: Phase, notice: bool) -> StateDefinition {
    StateDefinition { state, key, phase, notice }
}

/// The report of a visit.
pub static FORM: Form = Form {
    id: FormId(999),
    key: "visit",
    version: 1,
    sections: &[
        Section { key: "plan", fields: PLAN },
        Section { key: "presence", fields: PEOPLE_AND_DAYS },
        Section { key: "report", fields: TOLD },
    ],
    rules: &[Rule { key: "not_before_today", at: ARRIVED, test: Test::NotPast(ARRIVED) }],
    opening: Opening { asks: &[PLACE], ..Opening::NONE },
    summary: SummaryFields {
        title: Some(PLACE),
        countries: &[Place::Field(COUNTRIES)],
        owners: Some(Place::Items(PEOPLE, PERSON_NAME)),
        date: Some(ARRIVED),
        ..SummaryFields::NONE
    },
    workflow: Workflow {
        states: &[
            state(PLANNED, "planned", Phase::Writing, false),
            state(UNDER_WAY, "under_way", Phase::Writing, true),
            state(REPORTED, "reported", Phase::Waiting, true),
            state(AGREED, "agreed", Phase::Closed, true),
        ],
        moves: &[
            Move {
                action: START,
                key: "start",
                from: &[PLANNED],
                to: Some(UNDER_WAY),
                by: TEAM,
                asks: &[],
                does: &[Deed::Reference],
            },
            Move {
                action: HAND_IN,
                key: "hand_in",
                from: &[UNDER_WAY],
                to: Some(REPORTED),
                by: LEADS,
                asks: &[Ask::Content, Ask::Complete],
                does: &[Deed::Version, Deed::Receipt],
            },
            Move {
                action: AGREE,
                key: "agree",
                from: &[REPORTED],
                to: Some(AGREED),
                by: STAFF,
                asks: &[Ask::Version],
                does: &[],
            },
            Move {
                action: TAKE_UP,
                key: "take_up",
                from: &[REPORTED],
                to: Some(UNDER_WAY),
                by: STAFF,
                asks: &[Ask::Remarks],
                does: &[Deed::Publish],
            },
            Move {
                action: ADOPT,
                key: "adopt",
                from: &[PLANNED, UNDER_WAY],
                to: None,
                by: TEAM,
                asks: &[Ask::Parked],
                does: &[Deed::Adopt],
            },
        ],
    },
    roles: Roles {
        open: &[Role::FocalPoint, Role::ProjectOfficer],
        grants: &[
            Grant {
                to: TEAM,
                since: Since::Opened,
                reads: &[Reads::Shared, Reads::OwnNote],
                writes: &[PLANNED, UNDER_WAY],
                talk: Talk::Answers,
            },
            // A colleague who is not named reads along.
            Grant {
                to: &[Who::Role(Role::FocalPoint)],
                since: Since::Opened,
                reads: &[Reads::Shared],
                writes: &[],
                talk: Talk::Listens,
            },
            Grant {
                to: STAFF,
                since: Since::Opened,
                reads: &[Reads::Shared, Reads::Internal, Reads::Notes],
                writes: &[],
                talk: Talk::Remarks,
            },
        ],
        assign: &[Who::Named(LEAD), Who::Role(Role::ProjectOfficer)],
        parts: &[
            PartDefinition { part: LEAD, key: "lead", held_by: &[Role::FocalPoint, Role::ProjectOfficer] },
            PartDefinition { part: MEMBER, key: "member", held_by: &[Role::FocalPoint, Role::Expert] },
        ],
        opener: Some(LEAD),
    },
    assessment: Some(AssessmentRules {
        version: 1,
        rules: &[(1, "long_enough")],
        details: &[DetailDefinition { number: 1, key: "days", values: ValueKind::Plain }],
        assess,
    }),
};

/// A visit of fewer than two days is worth a look.
fn assess(answers: &Answers, _: &Facts) -> Vec<Finding> {
    let days = answers.items(DAYS).len();
    let (outcome, detail) = match days {
        0 => (Outcome::Pending, 0),
        1 => (Outcome::Warns, 1),
        _ => (Outcome::Passes, 0),
    };
    let values = if detail == 0 { Vec::new() } else { vec![days.to_string()] };
    vec![Finding { rule: 1, outcome, detail, values }]
}

/// The forms that a program of this crate knows beside Relais' own.
pub static FORMS: &[&Form] = &[&FORM];

/// Lets the whole program know visits. Called again it changes nothing.
pub fn install() {
    let _ = forms::install(FORMS);
}
