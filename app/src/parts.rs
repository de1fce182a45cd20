//! What pages are made of.

pub mod answer;
pub mod choice;
pub mod dom;
pub mod draft;
pub mod field;
pub mod file;
pub mod frame;
pub mod icon;
pub mod list;
pub mod pen;
pub mod problems;
pub mod prose;
pub mod remarks;
pub mod saved;
pub mod short;
pub mod two;
