//! The client's files as the server holds them: embedded at build time or read from a folder at
//! start, each with its type, caching, tag and precompressed twin. Does not know HTTP requests.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use axum::body::Bytes;
use axum::http::HeaderValue;
use sha2::{Digest as _, Sha256};

/// The client as it was when the server was built; empty when `RELAIS_DIST` was not set.
mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}

/// A file whose name holds the hash of its contents never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// All others are asked for again at each use, which costs a short answer when nothing changed.
const ASK_AGAIN: &str = "no-cache";
/// Fewest hexadecimal digits that count as a hash in a file's name.
const NAME_HASH_DIGITS_MIN: usize = 8;

/// Where the client's files are.
#[derive(Clone, Debug)]
pub enum ClientFiles {
    /// In this program.
    Embedded,
    /// In a folder, e.g. `dist`; read once, at start.
    Folder(PathBuf),
}

/// The client's files, by path without the leading slash.
#[derive(Clone, Debug)]
pub struct Client(Arc<BTreeMap<String, ClientFile>>);

/// One file.
#[derive(Clone, Debug)]
pub struct ClientFile {
    /// Its contents.
    pub bytes: Bytes,
    /// The same, compressed by brotli when the client was built.
    pub brotli: Option<Bytes>,
    /// Its MIME type.
    pub content_type: &'static str,
    /// Its `Cache-Control`.
    pub caching: &'static str,
    /// Its `ETag`: weak, since both encodings share it.
    pub etag: HeaderValue,
}

impl Client {
    /// Loads the files.
    pub fn load(files: &ClientFiles) -> Result<Self, ClientError> {
        // Hashing the embedded files once is enough for all servers of a process.
        static EMBEDDED: LazyLock<Client> = LazyLock::new(|| {
            let files = embedded::FILES.iter();
            Client::of(files.map(|&(path, bytes)| (path.to_owned(), Bytes::from_static(bytes))).collect())
        });
        match files {
            ClientFiles::Embedded => Ok(EMBEDDED.clone()),
            ClientFiles::Folder(folder) => {
                let mut files = BTreeMap::new();
                read_folder(folder, "", &mut files).map_err(|error| ClientError(folder.clone(), error))?;
                Ok(Self::of(files))
            }
        }
    }

    /// Returns the file at `path`.
    #[must_use]
    pub fn file(&self, path: &str) -> Option<&ClientFile> {
        self.0.get(path)
    }

    fn of(mut files: BTreeMap<String, Bytes>) -> Self {
        let brotli: Vec<String> = files.keys().filter(|path| path.ends_with(".br")).cloned().collect();
        let mut brotli: BTreeMap<String, Bytes> =
            brotli.into_iter().filter_map(|path| files.remove_entry(&path)).collect();
        let files = files.into_iter().map(|(path, bytes)| {
            let brotli = brotli.remove(&format!("{path}.br"));
            let file = ClientFile {
                etag: etag(&bytes),
                content_type: content_type(&path),
                caching: if has_hash(&path) { FOR_EVER } else { ASK_AGAIN },
                bytes,
                brotli,
            };
            (path, file)
        });
        Self(Arc::new(files.collect()))
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Bytes>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.insert(path, std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

fn etag(bytes: &[u8]) -> HeaderValue {
    let digest = Sha256::digest(bytes);
    let digits: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("W/\"{digits}\"")).unwrap_or(HeaderValue::from_static("W/\"\""))
}

/// Recognises names such as `portal-1a2b3c4d5e6f7a8b.js` and `portal-1a2b3c4d5e6f7a8b_bg.wasm`.
fn has_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parts = name.split(['-', '_', '.']).skip(1);
    name.contains('-')
        && parts.into_iter().any(|part| {
            part.len() >= NAME_HASH_DIGITS_MIN && part.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// The folder of the client's files cannot be read.
#[derive(Debug)]
pub struct ClientError(PathBuf, std::io::Error);

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the client's files in {} cannot be read: {}", self.0.display(), self.1)
    }
}

impl std::error::Error for ClientError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for name in ["portal-1a2b3c4d5e6f7a8b.js", "portal-1a2b3c4d5e6f7a8b_bg.wasm", "messages/fr-0123abcd.json"] {
            assert!(has_hash(name), "{name}");
        }
        for name in ["index.html", "service_worker.js", "apple-touch-icon-180.png", "deadbeef.js"] {
            assert!(!has_hash(name), "{name}");
        }
    }
}
