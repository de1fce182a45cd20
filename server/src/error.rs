//! Every way a call can be refused, with its status, code and sentence. The one place that turns
//! faults into answers: details are logged here, once, and never sent.

use std::io;

use axum::Json;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, PathRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use shared::api::{Refusal, RefusalCode, RefusalDetail, RefusalMessage};
use tower_http::timeout::TimeoutError;

use crate::clock::NoEntropy;
use crate::store::StoreError;

/// How long a client waits before it tries a busy server again, in seconds.
const BUSY_RETRY_SECONDS: u64 = 5;

/// Why a call is refused.
#[derive(Debug)]
pub enum Error {
    /// The body or address cannot be read as this call; the detail is for the log.
    Malformed(String),
    /// No session, or one that ended.
    NotSignedIn,
    /// The login and password do not open an account.
    WrongCredentials,
    /// From a page of another site, or without the client's header.
    CrossSite,
    /// The person may not do this.
    Forbidden,
    /// Nothing is there, or nothing this person may see.
    NotFound,
    /// The address exists, the method does not.
    MethodNotAllowed,
    /// The body is larger than the call allows.
    TooLarge,
    /// The body is not in the encoding of the call.
    UnsupportedEncoding,
    /// A client of another version, which this server does not understand.
    OtherVersion,
    /// Too many attempts to sign in.
    TooManyAttempts {
        /// When to try again.
        retry_seconds: u64,
    },
    /// A page of the portal asks under another name than it was opened by: the proxy in front of the
    /// server does not pass on the `Host` header.
    ProxyHostHeader,
    /// The body took too long to come.
    TooSlow,
    /// The server cannot take this now.
    Unavailable,
    /// A fault of the server; the detail is for the log.
    Internal(String),
}

impl Error {
    /// Returns the status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::NotSignedIn | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::CrossSite | Self::ProxyHostHeader | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::OtherVersion => StatusCode::UPGRADE_REQUIRED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooManyAttempts { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns the code for programs.
    #[must_use]
    pub const fn code(&self) -> RefusalCode {
        match self {
            Self::Malformed(_) => RefusalCode::Malformed,
            Self::NotSignedIn => RefusalCode::NotSignedIn,
            Self::WrongCredentials => RefusalCode::WrongCredentials,
            Self::CrossSite => RefusalCode::CrossSite,
            Self::Forbidden => RefusalCode::Forbidden,
            Self::NotFound => RefusalCode::NotFound,
            Self::MethodNotAllowed => RefusalCode::MethodNotAllowed,
            Self::TooLarge => RefusalCode::TooLarge,
            Self::UnsupportedEncoding => RefusalCode::UnsupportedEncoding,
            Self::OtherVersion => RefusalCode::OtherVersion,
            Self::TooManyAttempts { .. } => RefusalCode::TooManyAttempts,
            Self::ProxyHostHeader => RefusalCode::ProxyHostHeader,
            Self::TooSlow => RefusalCode::TooSlow,
            Self::Unavailable => RefusalCode::Unavailable,
            Self::Internal(_) => RefusalCode::Internal,
        }
    }

    /// Returns whether the same call can succeed later without anyone changing anything.
    #[must_use]
    pub const fn retry(&self) -> bool {
        matches!(self, Self::TooManyAttempts { .. } | Self::TooSlow | Self::Unavailable | Self::Internal(_))
    }

    const fn retry_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyAttempts { retry_seconds } => Some(*retry_seconds),
            Self::Unavailable => Some(BUSY_RETRY_SECONDS),
            _ => None,
        }
    }

    /// Returns the sentence for people, in English and in French.
    const fn message(&self) -> (&'static str, &'static str) {
        match self {
            Self::Malformed(_) => {
                ("The server could not read this request.", "Le serveur n’a pas pu lire cette demande.")
            }
            Self::NotSignedIn => (
                "Please sign in again. Your work on this device is safe.",
                "Veuillez vous reconnecter. Votre travail sur cet appareil est intact.",
            ),
            Self::WrongCredentials => {
                ("This account name or password is not right.", "Ce nom de compte ou ce mot de passe n’est pas le bon.")
            }
            Self::CrossSite => (
                "This request did not come from the portal. Please reload the page.",
                "Cette demande ne vient pas du portail. Veuillez recharger la page.",
            ),
            Self::Forbidden => ("Your account may not do this.", "Votre compte ne permet pas de faire cela."),
            Self::NotFound => ("There is nothing at this address.", "Il n’y a rien à cette adresse."),
            Self::MethodNotAllowed => {
                ("This cannot be done at this address.", "Cela ne peut pas se faire à cette adresse.")
            }
            Self::TooLarge => {
                ("This is more than the server takes at once.", "C’est plus que le serveur n’accepte en une fois.")
            }
            Self::UnsupportedEncoding => ("The server does not read this format.", "Le serveur ne lit pas ce format."),
            Self::OtherVersion => (
                "This version of the portal and the server do not understand each other. Please update.",
                "Cette version du portail et le serveur ne se comprennent pas. Veuillez mettre à jour.",
            ),
            Self::TooManyAttempts { .. } => (
                "Too many attempts to sign in. Please wait a little and try again.",
                "Trop de tentatives de connexion. Veuillez patienter un peu, puis réessayer.",
            ),
            Self::ProxyHostHeader => (
                "The proxy in front of the portal does not pass on the Host header. Its administrator has to set it.",
                "Le serveur mandataire devant le portail ne transmet pas l’en-tête Host. Son administrateur doit l’activer.",
            ),
            Self::TooSlow => (
                "This took too long to arrive. Nothing is lost; please try again.",
                "L’envoi a pris trop de temps. Rien n’est perdu\u{a0}; veuillez réessayer.",
            ),
            Self::Unavailable => (
                "The server is busy. Nothing is lost; please try again shortly.",
                "Le serveur est occupé. Rien n’est perdu\u{a0}; veuillez réessayer dans un instant.",
            ),
            Self::Internal(_) => (
                "The server made a mistake. Nothing was changed; please try again later.",
                "Le serveur a fait une erreur. Rien n’a été modifié\u{a0}; veuillez réessayer plus tard.",
            ),
        }
    }

    fn log(&self) {
        match self {
            Self::Internal(detail) => tracing::error!(detail, "a call failed"),
            Self::Malformed(detail) => tracing::debug!(detail, "a call could not be read"),
            Self::ProxyHostHeader => {
                tracing::warn!("the proxy in front does not pass on Host; nginx: proxy_set_header Host $http_host")
            }
            Self::Unavailable => tracing::warn!("a call was put off"),
            _ => {}
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        let (en, fr) = self.message();
        let message = RefusalMessage { en: en.to_owned(), fr: fr.to_owned() };
        let refusal = Refusal { error: RefusalDetail { code: self.code(), retry: self.retry(), message } };
        let mut response = (self.status(), Json(refusal)).into_response();
        if let Some(seconds) = self.retry_seconds() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Broken => Self::Unavailable,
            StoreError::Taken | StoreError::Internal(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<NoEntropy> for Error {
    fn from(error: NoEntropy) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<BytesRejection> for Error {
    fn from(rejection: BytesRejection) -> Self {
        match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Self::TooLarge,
            other if caused_by::<LengthLimitError>(&other) => Self::TooLarge,
            other if caused_by::<TimeoutError>(&other) => Self::TooSlow,
            other => Self::Malformed(other.body_text()),
        }
    }
}

/// Finds an `E` among the causes of an error, also behind the decompressor's `io::Error`, which does
/// not name its cause as its source.
fn caused_by<E: std::error::Error + 'static>(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<E>() {
            return true;
        }
        cause = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        Self::Malformed(rejection.body_text())
    }
}
