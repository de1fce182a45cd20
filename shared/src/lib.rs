//! The rules of Relais, the same in the browser and on the server.
//!
//! Reading order: `ids` → `form` → `value` → `op` → the merge types in `merge` → `document` →
//! `check`, `role`, `permission`, `diff` → the two halves of `sync`.
//!
//! Nothing here does I/O, waits, reads a clock, draws a random number or logs. What a rule needs
//! of these is an argument.

pub mod answers;
pub mod api;
pub mod check;
pub mod diff;
pub mod document;
pub mod form;
pub mod forms;
pub mod ids;
pub mod lists;
pub mod merge;
pub mod op;
pub mod permission;
pub mod role;
pub mod sync;
pub mod text;
pub mod value;
