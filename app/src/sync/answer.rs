//! Telling the server's answer from everything else that answers in its name: sign-in pages of
//! hotel networks, proxies, empty bodies, redirects. Pure; shared by every transport.

use core::fmt;

use shared::sync::wire::MEDIA_TYPE;

/// How the body of every refusal of the server begins.
const REFUSAL_START: &[u8] = b"{\"error\":";

/// Why there is no answer of the server to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// Nothing answers.
    Offline,
    /// Something else answers in the server's name.
    Impostor,
    /// The session has ended. Work on the device is untouched and waits.
    SignedOut,
    /// The server cannot take this now.
    Busy {
        /// How long it asks to wait, in seconds.
        retry_after_s: Option<u64>,
    },
    /// The server no longer speaks this version's protocol.
    TooOld,
    /// The server refuses this request, with this status.
    Refused(u16),
}

impl TransportError {
    /// Returns its name in message keys, `transport.<key>`.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Impostor => "impostor",
            Self::SignedOut => "signed_out",
            Self::Busy { .. } => "busy",
            Self::TooOld => "too_old",
            Self::Refused(_) => "refused",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Offline => "The server cannot be reached.",
            Self::Impostor => {
                "Something else answers in the server's name; the network may ask you to sign in to it first."
            }
            Self::SignedOut => "Please sign in again. Your work on this device is safe.",
            Self::Busy { .. } => "The server is busy.",
            Self::TooOld => "This version is too old for the server.",
            Self::Refused(status) => return write!(f, "The server refused the request ({status})."),
        })
    }
}

impl core::error::Error for TransportError {}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// HTTP status; 0 for a redirect the browser did not follow.
    pub status: u16,
    /// `Content-Type`.
    pub media_type: Option<&'a str>,
    /// `Retry-After`.
    pub retry_after: Option<&'a str>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer<'_> {
    /// Returns whether this is a refusal in the server's own form.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.has_type("application/json") && self.body.starts_with(REFUSAL_START)
    }

    fn has_type(&self, wanted: &str) -> bool {
        let bare = self.media_type.and_then(|kind| kind.split(';').next()).map(str::trim);
        bare.is_some_and(|kind| kind.eq_ignore_ascii_case(wanted))
    }

    /// Returns why this answer, which is no success, is of no use.
    #[must_use]
    pub fn fault(&self) -> TransportError {
        match self.status {
            401 if self.is_refusal() => TransportError::SignedOut,
            426 if self.is_refusal() => TransportError::TooOld,
            429 if self.is_refusal() => self.busy(),
            // A proxy in front of a server that is being restarted says so in its own words.
            500 | 502..=504 => self.busy(),
            400..=499 if self.is_refusal() => TransportError::Refused(self.status),
            _ => TransportError::Impostor,
        }
    }

    fn busy(&self) -> TransportError {
        TransportError::Busy { retry_after_s: self.retry_after.and_then(|seconds| seconds.trim().parse().ok()) }
    }
}

/// Returns the body of the server's answer to a sync request.
///
/// # Errors
/// It is a refusal, or not the server's.
pub fn read_answer(answer: Answer<'_>) -> Result<Vec<u8>, TransportError> {
    match answer.status {
        200 if answer.has_type(MEDIA_TYPE) && !answer.body.is_empty() => Ok(answer.body),
        200 => Err(TransportError::Impostor),
        _ => Err(answer.fault()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFUSAL: &str = r#"{"error":{"code":"not_signed_in"}}"#;

    #[test]
    fn only_the_server_is_believed() {
        let busy = |seconds| TransportError::Busy { retry_after_s: seconds };
        let cases = [
            ("a reply", 200, MEDIA_TYPE, "\u{1}", Ok(b"\x01".to_vec())),
            ("a reply with parameters", 200, "application/vnd.relais; v=1", "\u{1}", Ok(b"\x01".to_vec())),
            ("an empty success", 200, MEDIA_TYPE, "", Err(TransportError::Impostor)),
            ("a hotel's sign-in page", 200, "text/html", "<html>", Err(TransportError::Impostor)),
            ("a redirect not followed", 0, "", "", Err(TransportError::Impostor)),
            ("a redirect", 302, "text/html", "", Err(TransportError::Impostor)),
            ("network authentication required", 511, "text/html", "<html>", Err(TransportError::Impostor)),
            ("signed out", 401, "application/json", REFUSAL, Err(TransportError::SignedOut)),
            ("a proxy that wants a password", 401, "text/html", "<html>", Err(TransportError::Impostor)),
            ("a proxy's ban", 403, "text/html", "<html>", Err(TransportError::Impostor)),
            ("a refusal", 400, "application/json; charset=utf-8", REFUSAL, Err(TransportError::Refused(400))),
            ("too many", 429, "application/json", REFUSAL, Err(busy(Some(7)))),
            ("the server restarting behind a proxy", 502, "text/html", "<html>", Err(busy(Some(7)))),
            ("an address nobody knows", 404, "text/html", "<html>", Err(TransportError::Impostor)),
        ];
        for (name, status, media_type, body, expected) in cases {
            let answer =
                Answer { status, media_type: Some(media_type), retry_after: Some("7"), body: body.as_bytes().to_vec() };
            assert_eq!(read_answer(answer), expected, "{name}");
        }
    }
}
