//! Reads JSON bodies and refuses unreadable ones in the server's own words.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::error::Error;

/// A JSON body of type `T`.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(Error::UnsupportedEncoding),
            Err(JsonRejection::BytesRejection(rejection)) => Err(rejection.into()),
            // The place of the fault is enough for the log; the text would hold what was typed.
            Err(_) => Err(Error::Malformed("not the JSON this call takes".to_owned())),
        }
    }
}
