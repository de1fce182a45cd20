//! Both halves of sync as plans: what to read, what to write, what to send. Time, randomness,
//! storage and network are arguments; nothing here waits.

pub mod admission;
mod columns;
pub mod command;
pub mod device;
pub mod edition;
pub mod outbox;
mod renaming;
pub mod rescue;
pub mod rows;
pub mod settle;
pub mod wire;
