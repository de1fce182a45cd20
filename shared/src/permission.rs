//! Who may read which scope, decided in this one place for pull, push and the JSON interface.
//!
//! Does not know what an operation says (see `sync::admission`).

use crate::ids::{AuthorityId, PersonId, Side};
use crate::workflow::Role;

/// Who is asking, as signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// What they may do.
    pub role: Role,
    /// Whose authority they write for; `None` for staff.
    pub authority: Option<AuthorityId>,
}

impl Actor {
    /// Returns whether this is a partner who writes for `authority`.
    #[must_use]
    pub fn writes_for(&self, authority: AuthorityId) -> bool {
        self.role.of_partner() && self.authority == Some(authority)
    }
}

/// What permission needs to know of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The authority that owns it.
    pub authority: AuthorityId,
    /// Whether staff may see it: it was submitted at least once, or staff opened it for the partner.
    pub visible_to_staff: bool,
}

/// Returns whether `actor` may know of a document of `holder` at all.
#[must_use]
pub fn may_read_document(actor: &Actor, holder: &Holder) -> bool {
    if actor.role.reads_as_staff() { holder.visible_to_staff } else { actor.writes_for(holder.authority) }
}

/// Returns whether `actor` may read `side` of a document of `holder`.
#[must_use]
pub fn may_read(actor: &Actor, holder: &Holder, side: Side) -> bool {
    may_read_document(actor, holder)
        && match side {
            Side::Shared => true,
            Side::Internal => actor.role.reads_as_staff(),
            Side::Note(person) => actor.role.reads_as_staff() || person == actor.person,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: AuthorityId = AuthorityId(1);

    fn focal_point(person: u32, authority: AuthorityId) -> Actor {
        Actor { person: PersonId(person), role: Role::FocalPoint, authority: Some(authority) }
    }

    fn officer() -> Actor {
        Actor { person: PersonId(9), role: Role::ProjectOfficer, authority: None }
    }

    #[test]
    fn a_focal_point_reads_the_shared_side_of_the_own_authority_only() {
        let holder = Holder { authority: OWN, visible_to_staff: true };
        assert!(may_read(&focal_point(1, OWN), &holder, Side::Shared));
        assert!(!may_read(&focal_point(1, AuthorityId(2)), &holder, Side::Shared));
        assert!(!may_read(&focal_point(1, OWN), &holder, Side::Internal));
    }

    #[test]
    fn a_confidential_note_is_read_by_its_writer_and_staff_but_not_by_a_colleague() {
        let holder = Holder { authority: OWN, visible_to_staff: true };
        let note = Side::Note(PersonId(1));
        assert!(may_read(&focal_point(1, OWN), &holder, note));
        assert!(!may_read(&focal_point(2, OWN), &holder, note));
        assert!(may_read(&officer(), &holder, note));
    }

    #[test]
    fn staff_do_not_see_a_draft_before_it_is_submitted() {
        let holder = Holder { authority: OWN, visible_to_staff: false };
        for side in [Side::Shared, Side::Internal, Side::Note(PersonId(1))] {
            assert!(!may_read(&officer(), &holder, side));
        }
    }

    #[test]
    fn an_administrator_reads_no_files() {
        let admin = Actor { person: PersonId(7), role: Role::Admin, authority: None };
        assert!(!may_read(&admin, &Holder { authority: OWN, visible_to_staff: true }, Side::Shared));
    }
}
