//! Who may do what with requests. Within its authority every focal point and signatory writes it; the
//! facility reads it once it was received, and remarks.

use super::workflow::{DRAFT, RETURNED};
use crate::form::roles::{Grant, Reads, Roles, Since, Talk, Who};
use crate::role::Role;

pub(super) const PARTNER: &[Who] = &[Who::Role(Role::FocalPoint), Who::Role(Role::Signatory)];
pub(super) const OFFICER: &[Who] = &[Who::Role(Role::ProjectOfficer), Who::Role(Role::ProgrammeManager)];
pub(super) const COMMITTEE: &[Who] = &[Who::Role(Role::CommitteeMember), Who::Role(Role::ProgrammeManager)];
/// Whoever may send one: the authority, or an officer for one that wrote by letter.
pub(super) const SENDERS: &[Who] = &[
    Who::Role(Role::FocalPoint),
    Who::Role(Role::Signatory),
    Who::Role(Role::ProjectOfficer),
    Who::Role(Role::ProgrammeManager),
];
pub(super) const STAFF: &[Who] =
    &[Who::Role(Role::ProjectOfficer), Who::Role(Role::ProgrammeManager), Who::Role(Role::CommitteeMember)];

const FACILITY_READS: &[Reads] = &[Reads::Shared, Reads::Internal, Reads::Notes];

pub(super) const ROLES: Roles = Roles {
    open: &[Role::FocalPoint, Role::Signatory, Role::ProjectOfficer, Role::ProgrammeManager, Role::CommitteeMember],
    grants: &[
        Grant {
            to: PARTNER,
            since: Since::Opened,
            reads: &[Reads::Shared, Reads::OwnNote],
            writes: &[DRAFT, RETURNED],
            talk: Talk::Answers,
        },
        // On a partner's behalf only before the first submission; afterwards they remark.
        Grant { to: STAFF, since: Since::Received, reads: FACILITY_READS, writes: &[DRAFT], talk: Talk::Remarks },
        Grant {
            to: &[Who::Role(Role::Auditor)],
            since: Since::Received,
            reads: FACILITY_READS,
            writes: &[],
            talk: Talk::Listens,
        },
    ],
    assign: &[],
    parts: &[],
    opener: None,
};
