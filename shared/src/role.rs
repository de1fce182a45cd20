//! What an account is for. What a role may do with a document is for that document's form to say
//! (`form::roles`); here is only who belongs to whom.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// What an account is for. One account has one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, Serialize, Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Drafts and sends the documents of an authority.
    #[n(0)]
    FocalPoint,
    /// Signs for an authority.
    #[n(1)]
    Signatory,
    /// Staff: reviews, sends back and registers.
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
    /// Runs workshops; reads only the documents that name them.
    #[n(7)]
    Expert,
    /// Gives the opinion of a delegation of the European Union on what concerns its country.
    #[n(8)]
    EuDelegation,
}

impl Role {
    /// Every role, in the order of the enum.
    pub const ALL: [Self; 9] = [
        Self::FocalPoint,
        Self::Signatory,
        Self::ProjectOfficer,
        Self::ProgrammeManager,
        Self::CommitteeMember,
        Self::Auditor,
        Self::Admin,
        Self::Expert,
        Self::EuDelegation,
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
            Self::Expert => "expert",
            Self::EuDelegation => "eu_delegation",
        }
    }

    /// Reads what `code` wrote.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Returns whether this role belongs to a partner authority.
    #[must_use]
    pub const fn of_partner(self) -> bool {
        matches!(self, Self::FocalPoint | Self::Signatory)
    }

    /// Returns whether this role works in the office's program: staff, and those who look over their
    /// shoulder. All others work in the portal.
    #[must_use]
    pub const fn in_office(self) -> bool {
        self.is_staff() || matches!(self, Self::Auditor | Self::Admin)
    }

    /// Returns whether this role remarks, decides and writes for the facility.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::ProjectOfficer | Self::ProgrammeManager | Self::CommitteeMember)
    }
}
