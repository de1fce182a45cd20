//! How the client is compiled: quickly, or small.
//!
//! The settings stand in `Cargo.toml` under the names that `app/<program>.html` gives Trunk.

/// What a build of the client is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientProfile {
    /// For whoever works on it: a second build takes seconds, the size does not matter.
    Quick,
    /// For real use: every byte is paid for by somebody.
    Small,
}

impl ClientProfile {
    /// Returns the name of the profile in `Cargo.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "wasm-quick",
            Self::Small => "wasm",
        }
    }
}
