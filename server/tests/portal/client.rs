//! How the client's files are served.

use std::fs;

use axum::body::Body;
use axum::http::{Method, header};
use server::client::ClientFiles;
use server::config::Config;

use crate::browser::{Answer, Browser, Place};

const HASHED: &str = "portal-1a2b3c4d5e6f7a8b_bg.wasm";

async fn place_with_client() -> Place {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("messages")).unwrap();
    let files: [(&str, &str); 7] = [
        ("index.html", "<!doctype html><title>Relais</title>"),
        ("index.html.br", "[brotli of index]"),
        (HASHED, "\0asm"),
        (&format!("{HASHED}.br"), "[brotli of wasm]"),
        ("service_worker.js", "//"),
        ("manifest.webmanifest", "{}"),
        ("messages/fr.json", "{}"),
    ];
    for (path, contents) in files {
        fs::write(folder.path().join(path), contents).unwrap();
    }
    let mut config = Config::in_memory();
    config.client = ClientFiles::Folder(folder.path().into());
    Place::with(config).await
}

async fn get_accepting(browser: &mut Browser, path: &str, encodings: &str) -> Answer {
    let request = browser.request(Method::GET, path).header(header::ACCEPT_ENCODING, encodings);
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn files_come_compressed_to_those_who_can_read_them() {
    let place = place_with_client().await;
    let mut browser = place.browser();
    let path = format!("/{HASHED}");
    for encodings in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5, BR;q=1.0"] {
        let answer = get_accepting(&mut browser, &path, encodings).await;
        assert_eq!(answer.text(), "[brotli of wasm]", "{encodings}");
        assert_eq!(answer.header("content-encoding"), Some("br"));
        assert_eq!(answer.header("content-type"), Some("application/wasm"));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
    for encodings in ["", "gzip", "br;q=0", "brotli"] {
        let answer = get_accepting(&mut browser, &path, encodings).await;
        assert_eq!(answer.text(), "\0asm", "{encodings}");
        assert_eq!(answer.header("content-encoding"), None);
    }
}

#[tokio::test]
async fn only_files_named_by_their_contents_are_kept_for_ever() {
    let place = place_with_client().await;
    let mut browser = place.browser();
    let hashed = browser.get(&format!("/{HASHED}")).await;
    assert_eq!(hashed.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let others = [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/service_worker.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/messages/fr.json", "application/json"),
    ];
    for (path, content_type) in others {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
        let tag = answer.header("etag").unwrap().to_owned();
        let request = browser.request(Method::GET, path).header(header::IF_NONE_MATCH, format!("\"x\", {tag}"));
        let again = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("cache-control"), Some("no-cache"));
    }
}

#[tokio::test]
async fn addresses_of_pages_open_the_client_and_missing_files_do_not() {
    let place = place_with_client().await;
    let mut browser = place.browser();
    for path in ["/", "/d/0123abcd/context", "/device?tab=parked", "/..%2f..%2fetc/passwd"] {
        assert!(browser.get(path).await.text().contains("<title>Relais</title>"), "{path}");
    }
    for path in ["/portal-0000000000000000.js", "/../Cargo.toml", "/index.html.br"] {
        browser.get(path).await.is_refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_server_without_a_client_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::in_memory();
    config.client = ClientFiles::Folder(folder.path().into());
    let place = Place::with(config).await;
    let answer = place.browser().get("/").await;
    assert_eq!(answer.status, 503);
    assert!(answer.text().contains("without the client"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}
