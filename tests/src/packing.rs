//! Bodies packed and unpacked as browsers do, for devices that are none.

use std::io::{self, Read as _};

use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use shared::sync::wire::REQUEST_PACKED_ABOVE_BYTES;

/// What these devices ask for in `Accept-Encoding`.
pub const TAKEN: &str = "br";
/// Longest body after unpacking, in bytes.
pub const UNPACKED_BYTES_MAX: u64 = 64 << 20;

/// Packs the body of a request as the client does; `None` when it goes as it is.
///
/// # Panics
/// There is no memory.
#[must_use]
pub fn packed(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() <= REQUEST_PACKED_ABOVE_BYTES {
        return None;
    }
    let mut small = Vec::new();
    GzEncoder::new(body, Compression::default()).read_to_end(&mut small).expect("memory");
    (small.len() < body.len()).then_some(small)
}

/// Unpacks the body of an answer that came under `Content-Encoding`.
///
/// # Errors
/// It is torn, or packed in a way that was not asked for.
pub fn unpacked(body: Vec<u8>, encoding: Option<&str>) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    match encoding {
        None => return Ok(body),
        Some("br") => {
            brotli::Decompressor::new(&body[..], 4096).take(UNPACKED_BYTES_MAX).read_to_end(&mut plain)?;
        }
        Some("gzip") => {
            GzDecoder::new(&body[..]).take(UNPACKED_BYTES_MAX).read_to_end(&mut plain)?;
        }
        Some(other) => return Err(io::Error::other(format!("packed as {other}"))),
    }
    Ok(plain)
}
