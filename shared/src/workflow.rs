//! The life cycle of a request (domain.md §2.1) as one table: who may move it from where to where.
//!
//! Does not know how a move is carried out (see `sync::command`) nor who is signed in.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// Where a request stands. `Queued` is not here: it is a *submit* still on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum State {
    /// Being written by the authority.
    #[n(0)]
    #[default]
    Draft = 0,
    /// Submitted; a receipt was given.
    #[n(1)]
    Received = 1,
    /// Accepted for handling; it has its reference.
    #[n(2)]
    Registered = 2,
    /// Sent back with remarks.
    #[n(3)]
    Returned = 3,
    /// Being assessed by staff.
    #[n(4)]
    UnderAssessment = 4,
    /// With the EU delegation and the committee's services.
    #[n(5)]
    InConsultation = 5,
    /// Before the steering committee.
    #[n(6)]
    CppDecision = 6,
    /// Approved by the committee.
    #[n(7)]
    Approved = 7,
    /// Rejected by the committee.
    #[n(8)]
    Rejected = 8,
    /// Put off by the committee.
    #[n(9)]
    Deferred = 9,
    /// Sent to another instrument.
    #[n(10)]
    Redirected = 10,
    /// Became an action fiche.
    #[n(11)]
    Converted = 11,
    /// Taken back by the authority.
    #[n(12)]
    Withdrawn = 12,
}

impl State {
    /// All states, in the order of their numbers.
    pub const ALL: [Self; 13] = [
        Self::Draft,
        Self::Received,
        Self::Registered,
        Self::Returned,
        Self::UnderAssessment,
        Self::InConsultation,
        Self::CppDecision,
        Self::Approved,
        Self::Rejected,
        Self::Deferred,
        Self::Redirected,
        Self::Converted,
        Self::Withdrawn,
    ];

    /// Returns the state of a number, if there is one.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// What a person can ask of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Send it to the facility.
    #[n(0)]
    Submit,
    /// Give it its reference.
    #[n(1)]
    Register,
    /// Send it back with remarks.
    #[n(2)]
    Return,
    /// Start assessing.
    #[n(3)]
    Assess,
    /// Consult the delegation and services.
    #[n(4)]
    Consult,
    /// Put it to the committee.
    #[n(5)]
    PutToCommittee,
    /// Record approval.
    #[n(6)]
    Approve,
    /// Record rejection.
    #[n(7)]
    Reject,
    /// Record deferral.
    #[n(8)]
    Defer,
    /// Record redirection.
    #[n(9)]
    Redirect,
    /// Consult again after a deferral.
    #[n(10)]
    Reconsider,
    /// Make an action fiche of it.
    #[n(11)]
    Convert,
    /// Take it back.
    #[n(12)]
    Withdraw,
    /// Apply parked edits after all; the state stays.
    #[n(13)]
    Adopt,
}

/// What an account may do. One account has one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Drafts and sends the requests of an authority.
    #[n(0)]
    FocalPoint,
    /// Signs for an authority; may also withdraw a request.
    #[n(1)]
    Signatory,
    /// Staff: reviews, sends back and registers requests.
    #[n(2)]
    ProjectOfficer,
    /// Staff: answers for the programme.
    #[n(3)]
    ProgrammeManager,
    /// Sits on, or keeps the minutes of, the steering committee.
    #[n(4)]
    CommitteeMember,
    /// Reads everything staff read, changes nothing.
    #[n(5)]
    Auditor,
    /// Keeps accounts and lists; reads no files.
    #[n(6)]
    Admin,
}

impl Role {
    /// Every role, in the order of the enum.
    pub const ALL: [Self; 7] = [
        Self::FocalPoint,
        Self::Signatory,
        Self::ProjectOfficer,
        Self::ProgrammeManager,
        Self::CommitteeMember,
        Self::Auditor,
        Self::Admin,
    ];

    /// Returns the name used in storage, on the wire and on the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FocalPoint => "focal_point",
            Self::Signatory => "signatory",
            Self::ProjectOfficer => "project_officer",
            Self::ProgrammeManager => "programme_manager",
            Self::CommitteeMember => "committee_member",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// Reads what `code` wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Returns whether this role belongs to a partner authority; all others belong to the facility.
    #[must_use]
    pub const fn of_partner(self) -> bool {
        matches!(self, Self::FocalPoint | Self::Signatory)
    }

    /// Returns whether this role reads what was submitted.
    #[must_use]
    pub const fn reads_as_staff(self) -> bool {
        matches!(self, Self::ProjectOfficer | Self::ProgrammeManager | Self::CommitteeMember | Self::Auditor)
    }

    /// Returns whether this role remarks, decides and writes for the facility.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::ProjectOfficer | Self::ProgrammeManager | Self::CommitteeMember)
    }
}

/// One permitted move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// From these states.
    pub from: &'static [State],
    /// By this action.
    pub action: Action,
    /// To this state.
    pub to: State,
    /// Asked by one of these roles.
    pub by: &'static [Role],
}

const PARTNER: &[Role] = &[Role::FocalPoint, Role::Signatory];
const OFFICER: &[Role] = &[Role::ProjectOfficer, Role::ProgrammeManager];
const COMMITTEE: &[Role] = &[Role::CommitteeMember, Role::ProgrammeManager];

/// Every permitted move (domain.md §2.1). *Return* also from `Received`: staff who find an
/// omission at first reading send back without using up a reference.
pub const MOVES: &[Move] = &[
    Move { from: &[State::Draft, State::Returned], action: Action::Submit, to: State::Received, by: PARTNER },
    Move { from: &[State::Draft, State::Returned], action: Action::Submit, to: State::Received, by: OFFICER },
    Move { from: &[State::Received], action: Action::Register, to: State::Registered, by: OFFICER },
    Move { from: &[State::Received, State::Registered], action: Action::Return, to: State::Returned, by: OFFICER },
    Move { from: &[State::Registered], action: Action::Assess, to: State::UnderAssessment, by: OFFICER },
    Move { from: &[State::UnderAssessment], action: Action::Consult, to: State::InConsultation, by: OFFICER },
    Move { from: &[State::InConsultation], action: Action::PutToCommittee, to: State::CppDecision, by: OFFICER },
    Move { from: &[State::CppDecision], action: Action::Approve, to: State::Approved, by: COMMITTEE },
    Move { from: &[State::CppDecision], action: Action::Reject, to: State::Rejected, by: COMMITTEE },
    Move { from: &[State::CppDecision], action: Action::Defer, to: State::Deferred, by: COMMITTEE },
    Move { from: &[State::CppDecision], action: Action::Redirect, to: State::Redirected, by: COMMITTEE },
    Move { from: &[State::Deferred], action: Action::Reconsider, to: State::InConsultation, by: OFFICER },
    Move { from: &[State::Approved], action: Action::Convert, to: State::Converted, by: OFFICER },
    Move {
        from: &[
            State::Draft,
            State::Received,
            State::Registered,
            State::Returned,
            State::UnderAssessment,
            State::InConsultation,
            State::CppDecision,
            State::Deferred,
        ],
        action: Action::Withdraw,
        to: State::Withdrawn,
        by: PARTNER,
    },
];

/// Returns the state `action` by `role` leads to from `state`; `None` when it is not permitted.
#[must_use]
pub fn next(state: State, action: Action, role: Role) -> Option<State> {
    MOVES
        .iter()
        .find(|one| one.action == action && one.from.contains(&state) && one.by.contains(&role))
        .map(|one| one.to)
}

/// Returns whether the partner side may change answers in `state`.
#[must_use]
pub const fn partner_may_edit(state: State) -> bool {
    matches!(state, State::Draft | State::Returned)
}

/// Returns whether nothing further can happen to the request.
#[must_use]
pub const fn is_final(state: State) -> bool {
    matches!(state, State::Rejected | State::Redirected | State::Converted | State::Withdrawn)
}

/// All states, in the order of the life cycle; for lists and tests.
pub const STATES: &[State] = &[
    State::Draft,
    State::Received,
    State::Registered,
    State::Returned,
    State::UnderAssessment,
    State::InConsultation,
    State::CppDecision,
    State::Approved,
    State::Rejected,
    State::Deferred,
    State::Redirected,
    State::Converted,
    State::Withdrawn,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_submits_a_draft_and_a_returned_request_and_nothing_else() {
        for state in STATES {
            let expected = matches!(state, State::Draft | State::Returned).then_some(State::Received);
            assert_eq!(next(*state, Action::Submit, Role::FocalPoint), expected, "{state:?}");
        }
    }

    #[test]
    fn no_partner_takes_a_decision_of_the_institution() {
        for one in MOVES.iter().filter(|one| !matches!(one.action, Action::Submit | Action::Withdraw)) {
            assert!(one.by.iter().all(|role| role.is_staff()), "{one:?}");
        }
    }

    #[test]
    fn nothing_leaves_a_final_state() {
        for one in MOVES {
            assert!(one.from.iter().all(|state| !is_final(*state)), "{one:?}");
        }
    }

    #[test]
    fn an_approved_request_can_no_longer_be_withdrawn() {
        assert_eq!(next(State::Approved, Action::Withdraw, Role::FocalPoint), None);
        assert_eq!(next(State::CppDecision, Action::Withdraw, Role::FocalPoint), Some(State::Withdrawn));
    }

    #[test]
    fn every_state_but_draft_is_reached() {
        for state in STATES.iter().filter(|state| **state != State::Draft) {
            assert!(MOVES.iter().any(|one| one.to == *state), "{state:?}");
        }
    }
}
