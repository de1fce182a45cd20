//! What the server says of who is signed in, and what this device tells it of itself.

use app::client::CallError;
use app::sync::TransportError;
use shared::api::{RefusalCode, SignedIn};

use crate::parts::dom;
use crate::words;

/// What came of asking.
pub enum Answer {
    Who(SignedIn),
    SignedOut,
    Refused(String),
    Impostor,
    Away,
}

/// Reads an answer, in the words of the page where there are some.
pub fn heard(answer: Result<SignedIn, CallError>) -> Answer {
    match answer {
        Ok(who) => Answer::Who(who),
        Err(CallError::Refused(refusal)) if refusal.error.code == RefusalCode::NotSignedIn => Answer::SignedOut,
        Err(CallError::Refused(refusal)) => {
            let said = refusal.error.message;
            Answer::Refused(if words::lang() == "fr" { said.fr } else { said.en })
        }
        Err(CallError::Transport(TransportError::Impostor)) => Answer::Impostor,
        Err(CallError::Transport(TransportError::SignedOut)) => Answer::SignedOut,
        Err(CallError::Transport(_)) => Answer::Away,
    }
}

/// Returns what this browser calls itself, for the list of open sessions.
pub fn device_label() -> String {
    let agent = dom::get(&dom::navigator(), "userAgent").as_string().unwrap_or_default();
    let found = |names: &[&'static str]| names.iter().copied().find(|name| agent.contains(name)).unwrap_or("");
    format!(
        "{} {}",
        found(&["Firefox", "Edg", "Chrome", "Safari"]),
        found(&["Android", "iPhone", "Windows", "Mac", "Linux"])
    )
    .trim()
    .to_owned()
}
