//! How large a document may grow: everybody who reads it stores it and folds it.

use shared::op::Op;

/// Most bytes of accepted operations in one document, some four hundred times a long request.
pub const DOCUMENT_BYTES_MAX: u64 = 8 << 20;
/// Most accepted operations in one document.
pub const DOCUMENT_OPS_MAX: u64 = 200_000;
/// How much further commands may go: a full document can still be sent, returned or withdrawn.
const FOR_COMMANDS: u64 = 2;

/// What of a document was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Bytes of payloads.
    pub bytes: u64,
    /// How many operations.
    pub ops: u64,
}

impl Size {
    /// Returns the size of a document of one operation.
    #[must_use]
    pub const fn of(op: &Op) -> Self {
        Self { bytes: op.payload.len() as u64, ops: 1 }
    }

    /// Counts an accepted operation.
    pub const fn grow(&mut self, op: &Op) {
        self.bytes += op.payload.len() as u64;
        self.ops += 1;
    }

    /// Returns whether the document may still grow by `op`.
    #[must_use]
    pub const fn has_room_for(self, op: &Op, command: bool) -> bool {
        let times = if command { FOR_COMMANDS } else { 1 };
        self.bytes + op.payload.len() as u64 <= times * DOCUMENT_BYTES_MAX && self.ops < times * DOCUMENT_OPS_MAX
    }
}
