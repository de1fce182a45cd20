//! The life cycle of a request (domain.md §2.1). `Queued` is not here: it is a *submit* still on a
//! device.

use super::roles::{COMMITTEE, OFFICER, PARTNER, SENDERS, STAFF};
use crate::form::workflow::{Action, Ask, Deed, Move, Phase, State, StateDefinition, Workflow};

/// Being written by the authority.
pub const DRAFT: State = State(0);
/// Submitted; a receipt was given.
pub const RECEIVED: State = State(1);
/// Accepted for handling; it has its reference.
pub const REGISTERED: State = State(2);
/// Sent back with remarks.
pub const RETURNED: State = State(3);
/// Being assessed by staff.
pub const UNDER_ASSESSMENT: State = State(4);
/// With the EU delegation and the committee's services.
pub const IN_CONSULTATION: State = State(5);
/// Before the steering committee.
pub const CPP_DECISION: State = State(6);
/// Approved by the committee.
pub const APPROVED: State = State(7);
/// Rejected by the committee.
pub const REJECTED: State = State(8);
/// Put off by the committee.
pub const DEFERRED: State = State(9);
/// Sent to another instrument.
pub const REDIRECTED: State = State(10);
/// Became an action fiche.
pub const CONVERTED: State = State(11);
/// Taken back by the authority.
pub const WITHDRAWN: State = State(12);

/// Send it to the facility.
pub const SUBMIT: Action = Action(0);
/// Give it its reference.
pub const REGISTER: Action = Action(1);
/// Send it back with remarks.
pub const RETURN: Action = Action(2);
/// Start assessing.
pub const ASSESS: Action = Action(3);
/// Consult the delegation and services.
pub const CONSULT: Action = Action(4);
/// Put it to the committee.
pub const PUT_TO_COMMITTEE: Action = Action(5);
/// Record approval.
pub const APPROVE: Action = Action(6);
/// Record rejection.
pub const REJECT: Action = Action(7);
/// Record deferral.
pub const DEFER: Action = Action(8);
/// Record redirection.
pub const REDIRECT: Action = Action(9);
/// Consult again after a deferral.
pub const RECONSIDER: Action = Action(10);
/// Make an action fiche of it.
pub const CONVERT: Action = Action(11);
/// Take it back.
pub const WITHDRAW: Action = Action(12);
/// Apply parked edits after all; the state stays.
pub const ADOPT: Action = Action(13);

const fn state(state: State, key: &'static str, phase: Phase) -> StateDefinition {
    StateDefinition { state, key, phase, notice: false }
}

const fn told(definition: StateDefinition) -> StateDefinition {
    StateDefinition { notice: true, ..definition }
}

const fn step(action: Action, key: &'static str, from: &'static [State], to: State) -> Move {
    Move { action, key, from, to: Some(to), by: OFFICER, asks: &[], does: &[] }
}

const fn decision(action: Action, key: &'static str, to: State, asks: &'static [Ask]) -> Move {
    Move { by: COMMITTEE, asks, ..step(action, key, &[CPP_DECISION], to) }
}

/// Every state and every permitted move. *Return* also from `received`: staff who find an omission at
/// first reading send back without using up a reference.
pub const WORKFLOW: Workflow = Workflow {
    states: &[
        state(DRAFT, "draft", Phase::Writing),
        told(state(RECEIVED, "received", Phase::Waiting)),
        told(state(REGISTERED, "registered", Phase::Handled)),
        told(state(RETURNED, "returned", Phase::Writing)),
        state(UNDER_ASSESSMENT, "under_assessment", Phase::Handled),
        state(IN_CONSULTATION, "in_consultation", Phase::Handled),
        state(CPP_DECISION, "cpp_decision", Phase::Handled),
        state(APPROVED, "approved", Phase::Handled),
        state(DEFERRED, "deferred", Phase::Handled),
        state(REJECTED, "rejected", Phase::Closed),
        state(REDIRECTED, "redirected", Phase::Closed),
        state(CONVERTED, "converted", Phase::Closed),
        state(WITHDRAWN, "withdrawn", Phase::Closed),
    ],
    moves: &[
        Move {
            by: SENDERS,
            asks: &[Ask::Content, Ask::Complete],
            does: &[Deed::Version, Deed::Receipt],
            ..step(SUBMIT, "submit", &[DRAFT, RETURNED], RECEIVED)
        },
        Move { does: &[Deed::Reference], ..step(REGISTER, "register", &[RECEIVED], REGISTERED) },
        Move {
            asks: &[Ask::Remarks],
            does: &[Deed::Publish],
            ..step(RETURN, "return", &[RECEIVED, REGISTERED], RETURNED)
        },
        step(ASSESS, "assess", &[REGISTERED], UNDER_ASSESSMENT),
        step(CONSULT, "consult", &[UNDER_ASSESSMENT], IN_CONSULTATION),
        step(PUT_TO_COMMITTEE, "put_to_committee", &[IN_CONSULTATION], CPP_DECISION),
        decision(APPROVE, "approve", APPROVED, &[Ask::Reason]),
        decision(REJECT, "reject", REJECTED, &[Ask::ReasonInWords]),
        decision(DEFER, "defer", DEFERRED, &[Ask::Reason]),
        decision(REDIRECT, "redirect", REDIRECTED, &[Ask::ReasonInWords]),
        step(RECONSIDER, "reconsider", &[DEFERRED], IN_CONSULTATION),
        step(CONVERT, "convert", &[APPROVED], CONVERTED),
        Move {
            by: PARTNER,
            asks: &[Ask::Reason],
            ..step(
                WITHDRAW,
                "withdraw",
                &[DRAFT, RECEIVED, REGISTERED, RETURNED, UNDER_ASSESSMENT, IN_CONSULTATION, CPP_DECISION, DEFERRED],
                WITHDRAWN,
            )
        },
        // Late edits: by the partner while the request is theirs, by staff while it waits for them.
        adopt(&[DRAFT, RETURNED], PARTNER),
        adopt(&[RECEIVED, REGISTERED], STAFF),
    ],
};

const fn adopt(from: &'static [State], by: &'static [crate::form::roles::Who]) -> Move {
    Move { action: ADOPT, key: "adopt", from, to: None, by, asks: &[Ask::Parked], does: &[Deed::Adopt] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::roles::Who;
    use crate::role::Role;

    fn next(state: State, action: Action, role: Role) -> Option<State> {
        let fits = |one: &&Move| one.action == action && one.from.contains(&state) && one.by.contains(&Who::Role(role));
        WORKFLOW.moves.iter().find(fits).and_then(|one| one.to)
    }

    #[test]
    fn a_partner_submits_a_draft_and_a_returned_request_and_nothing_else() {
        for known in WORKFLOW.states {
            let expected = [DRAFT, RETURNED].contains(&known.state).then_some(RECEIVED);
            assert_eq!(next(known.state, SUBMIT, Role::FocalPoint), expected, "{}", known.key);
        }
    }

    #[test]
    fn no_partner_takes_a_decision_of_the_institution() {
        for one in WORKFLOW.moves.iter().filter(|one| ![SUBMIT, WITHDRAW, ADOPT].contains(&one.action)) {
            let staff = |who: &Who| matches!(who, Who::Role(role) if role.is_staff());
            assert!(one.by.iter().all(staff), "{one:?}");
        }
    }

    #[test]
    fn nothing_leaves_a_closed_state() {
        for one in WORKFLOW.moves {
            assert!(one.from.iter().all(|state| WORKFLOW.phase(*state) != Phase::Closed), "{one:?}");
        }
    }

    #[test]
    fn an_approved_request_can_no_longer_be_withdrawn() {
        assert_eq!(next(APPROVED, WITHDRAW, Role::FocalPoint), None);
        assert_eq!(next(CPP_DECISION, WITHDRAW, Role::FocalPoint), Some(WITHDRAWN));
    }

    #[test]
    fn every_state_but_draft_is_reached() {
        for known in WORKFLOW.states.iter().filter(|known| known.state != DRAFT) {
            assert!(WORKFLOW.moves.iter().any(|one| one.to == Some(known.state)), "{}", known.key);
        }
    }
}
