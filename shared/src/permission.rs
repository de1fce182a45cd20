//! Who may read and write what, decided in this one place for pull, push and the JSON interface, by
//! the roles that a document's form lists.
//!
//! Does not know what an operation says (see `sync::admission`).

use minicbor::{Decode, Encode};

use crate::form::Form;
use crate::form::roles::{Grant, Part, Reads, Since, Talk, Who};
use crate::form::workflow::{Action, Deed, Move, State};
use crate::ids::{AuthorityId, PersonId, Side};
use crate::role::Role;

/// Who is asking, as signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// What they may do.
    pub role: Role,
    /// Whose authority they write for; `None` for all but partners.
    pub authority: Option<AuthorityId>,
}

impl Actor {
    /// Returns whether this is a partner who writes for `authority`.
    #[must_use]
    pub fn writes_for(&self, authority: AuthorityId) -> bool {
        self.role.of_partner() && self.authority == Some(authority)
    }
}

/// Somebody named on a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Named {
    /// Who.
    #[n(0)]
    pub person: PersonId,
    /// To which part.
    #[n(1)]
    pub part: Part,
    /// Since which place in the log; 0 while only on this device.
    #[n(2)]
    pub seq: u64,
}

/// What permission needs to know of a document.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Its form; nobody reads a document of a form that is not known.
    pub form: Option<&'static Form>,
    /// The authority that owns it.
    pub authority: AuthorityId,
    /// Its first place in the log.
    pub opened_seq: u64,
    /// The place in the log at which it was received: its first version, or its first operation when
    /// the facility opened it.
    pub received_seq: Option<u64>,
    /// Who is named on it.
    pub named: Vec<Named>,
}

impl Holder {
    /// Returns everything that is granted to `actor` now.
    fn grants(&self, actor: &Actor) -> impl Iterator<Item = &'static Grant> {
        let grants = self.form.map_or(&[][..], |form| form.roles.grants);
        grants.iter().filter(|grant| self.since(actor, grant).is_some())
    }

    /// Returns the place in the log from which a grant holds for `actor`, if it does.
    fn since(&self, actor: &Actor, grant: &Grant) -> Option<u64> {
        let begun = match grant.since {
            Since::Opened => self.opened_seq,
            Since::Received => self.received_seq?,
        };
        grant.to.iter().filter_map(|who| self.fits_since(actor, *who)).min().map(|fits| fits.max(begun))
    }

    fn fits_since(&self, actor: &Actor, who: Who) -> Option<u64> {
        match who {
            Who::Role(role) if role != actor.role => None,
            Who::Role(role) if role.of_partner() => actor.writes_for(self.authority).then_some(0),
            Who::Role(_) => Some(0),
            Who::Named(part) => {
                let named = self.named.iter().find(|named| named.person == actor.person && named.part == part);
                named.map(|named| named.seq)
            }
        }
    }

    /// Returns whether `actor` is one of these.
    #[must_use]
    pub fn is_one_of(&self, actor: &Actor, these: &[Who]) -> bool {
        these.iter().any(|who| self.fits_since(actor, *who).is_some())
    }

    /// Returns the place in the log from which `actor` may know of the document; `None` when they may not.
    #[must_use]
    pub fn visible_from(&self, actor: &Actor) -> Option<u64> {
        let grants = self.form.map_or(&[][..], |form| form.roles.grants);
        grants.iter().filter_map(|grant| self.since(actor, grant)).min()
    }

    /// Returns whether `actor` may read a side of the document.
    #[must_use]
    pub fn may_read(&self, actor: &Actor, side: Side) -> bool {
        self.grants(actor).any(|grant| {
            grant.reads.iter().any(|reads| match (side, reads) {
                (Side::Shared, Reads::Shared) | (Side::Internal, Reads::Internal) | (Side::Note(_), Reads::Notes) => {
                    true
                }
                (Side::Note(person), Reads::OwnNote) => person == actor.person,
                _ => false,
            })
        })
    }

    /// Returns whether `actor` may change answers in `state`.
    #[must_use]
    pub fn may_write(&self, actor: &Actor, state: State) -> bool {
        self.grants(actor).any(|grant| grant.writes.contains(&state))
    }

    /// Returns whether there is a state in which `actor` may change answers.
    #[must_use]
    pub fn is_writer(&self, actor: &Actor) -> bool {
        self.grants(actor).any(|grant| !grant.writes.is_empty())
    }

    /// Returns how `actor` takes part in remarks.
    #[must_use]
    pub fn talk(&self, actor: &Actor) -> Talk {
        self.grants(actor).map(|grant| grant.talk).max().unwrap_or(Talk::Listens)
    }

    /// Returns whether `actor` may name people on the document.
    #[must_use]
    pub fn may_assign(&self, actor: &Actor) -> bool {
        self.form.is_some_and(|form| self.is_one_of(actor, form.roles.assign))
    }

    /// Returns whether `person` may be named to a part of the document.
    #[must_use]
    pub fn may_hold(&self, person: &Actor, part: Part) -> bool {
        let known = self.form.and_then(|form| form.roles.part(part));
        known.is_some_and(|known| known.held_by.contains(&person.role))
            && (!person.role.of_partner() || person.writes_for(self.authority))
    }

    /// Returns the moves that `actor` may ask for in `state`.
    pub fn moves(&self, actor: &Actor, state: State) -> impl Iterator<Item = &'static Move> {
        let moves = self.form.map_or(&[][..], |form| form.workflow.moves);
        moves.iter().filter(move |one| one.from.contains(&state) && self.is_one_of(actor, one.by))
    }

    /// Returns the move by which `actor` may ask for `action` in `state`.
    #[must_use]
    pub fn find_move(&self, actor: &Actor, state: State, action: Action) -> Option<&'static Move> {
        self.moves(actor, state).find(|one| one.action == action)
    }

    /// Returns the first move open to `actor` in `state` with which the server does this.
    #[must_use]
    pub fn move_that_does(&self, actor: &Actor, state: State, deed: Deed) -> Option<&'static Move> {
        self.moves(actor, state).find(|one| one.does(deed))
    }
}

/// Returns whether `actor` may open documents of `form` for `authority`.
#[must_use]
pub fn may_open(actor: &Actor, form: &Form, authority: AuthorityId) -> bool {
    form.roles.open.contains(&actor.role) && (!actor.role.of_partner() || actor.authority == Some(authority))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::request;
    use crate::forms::request::workflow::{DRAFT, RECEIVED, RETURNED};

    const OWN: AuthorityId = AuthorityId(1);

    fn focal_point(person: u32, authority: AuthorityId) -> Actor {
        Actor { person: PersonId(person), role: Role::FocalPoint, authority: Some(authority) }
    }

    fn of_facility(role: Role) -> Actor {
        Actor { person: PersonId(9), role, authority: None }
    }

    fn holder(received_seq: Option<u64>) -> Holder {
        Holder { form: Some(&request::FORM), authority: OWN, opened_seq: 3, received_seq, named: Vec::new() }
    }

    #[test]
    fn a_focal_point_reads_the_shared_side_of_the_own_authority_only() {
        let holder = holder(Some(7));
        assert!(holder.may_read(&focal_point(1, OWN), Side::Shared));
        assert!(!holder.may_read(&focal_point(1, AuthorityId(2)), Side::Shared));
        assert!(!holder.may_read(&focal_point(1, OWN), Side::Internal));
        assert_eq!(holder.visible_from(&focal_point(1, OWN)), Some(3));
        assert_eq!(holder.visible_from(&focal_point(1, AuthorityId(2))), None);
    }

    #[test]
    fn a_confidential_note_is_read_by_its_writer_and_staff_but_not_by_a_colleague() {
        let holder = holder(Some(7));
        let note = Side::Note(PersonId(1));
        assert!(holder.may_read(&focal_point(1, OWN), note));
        assert!(!holder.may_read(&focal_point(2, OWN), note));
        assert!(holder.may_read(&of_facility(Role::ProjectOfficer), note));
    }

    #[test]
    fn staff_do_not_see_a_draft_before_it_is_submitted() {
        let officer = of_facility(Role::ProjectOfficer);
        for side in [Side::Shared, Side::Internal, Side::Note(PersonId(1))] {
            assert!(!holder(None).may_read(&officer, side));
        }
        assert_eq!(holder(Some(7)).visible_from(&officer), Some(7));
    }

    #[test]
    fn those_who_are_not_named_and_have_no_role_in_it_read_nothing() {
        for role in [Role::Admin, Role::Expert, Role::EuDelegation] {
            assert!(!holder(Some(7)).may_read(&of_facility(role), Side::Shared), "{role:?}");
        }
    }

    #[test]
    fn an_auditor_reads_everything_staff_read_and_writes_nothing() {
        let auditor = of_facility(Role::Auditor);
        let holder = holder(Some(7));
        assert!(holder.may_read(&auditor, Side::Internal));
        assert!(!holder.is_writer(&auditor));
        assert_eq!(holder.talk(&auditor), Talk::Listens);
        assert!((0..=u8::MAX).all(|state| holder.moves(&auditor, State(state)).next().is_none()));
    }

    #[test]
    fn staff_write_on_a_partners_behalf_only_before_the_first_submission() {
        let officer = of_facility(Role::ProjectOfficer);
        assert!(holder(Some(3)).may_write(&officer, DRAFT));
        assert!(!holder(Some(3)).may_write(&officer, RETURNED));
        assert!(holder(Some(3)).may_write(&focal_point(1, OWN), RETURNED));
        assert!(!holder(Some(3)).may_write(&focal_point(1, OWN), RECEIVED));
    }
}
