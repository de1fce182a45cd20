//! Serves the client's files, and its first page for every address the client knows itself.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::Server;
use crate::client::ClientFile;
use crate::error::Error;
use crate::packing::takes;

/// Shown when the server was built without a client.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Relais</title>\
    <p>This server was built without the client. <code>cargo xtask build</code> makes one that has it.</p>\
    <p lang=\"fr\">Ce serveur a été construit sans l’application. <code>cargo xtask build</code> en fait un qui la contient.</p>";

/// Answers everything the router has no route for.
pub async fn show_client(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let path = uri.path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Err(Error::NotFound);
    }
    if method != Method::GET && method != Method::HEAD {
        return Err(Error::MethodNotAllowed);
    }
    if let Some(file) = server.client.file(path) {
        return Ok(send(file, &headers));
    }
    // Addresses of pages have no dot; a missing file must not be answered with a page.
    if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
        return Err(Error::NotFound);
    }
    Ok(match server.client.file("index.html") {
        Some(page) => send(page, &headers),
        None => not_built(),
    })
}

fn not_built() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, NOT_BUILT).into_response()
}

fn send(file: &ClientFile, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::ETAG, file.etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(file.caching));
    if file.brotli.is_some() {
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    if known(asked, &file.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    match &file.brotli {
        Some(brotli) if takes(asked, "br") => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            (headers, brotli.clone()).into_response()
        }
        _ => (headers, file.bytes.clone()).into_response(),
    }
}

fn known(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let etag = etag.to_str().unwrap_or("");
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|known| known.trim() == etag)
}
