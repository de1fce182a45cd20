//! Packs the bodies of sync answers whole, so that a page can be measured as it will cross the line.
//!
//! Other answers are packed by the router's layer as they stream. Does not know what a body holds.

use std::io::{self, Write as _};
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Shortest body that is packed; below it the header that tells of it costs more than it saves.
pub const PACKED_FROM_BYTES: usize = 256;
/// Bodies from this size on are packed beside the tasks that answer others.
const BESIDE_FROM_BYTES: usize = 16 * 1024;
/// How hard brotli tries as a rule.
const QUICK: i32 = 6;
/// How hard it tries on the first pages of a device: a tenth smaller, at fifteen times the work, which
/// is half a second of a busy machine for the longest. The last step, 11, would double that for 2 in 100.
const HARD: i32 = 10;
/// Longest body packed hard, in bytes. Whoever is given more at a time has a line that carries it.
const HARD_UP_TO_BYTES: usize = 256 * 1024;
/// Bodies packed hard at a time: whoever asks for pages without end keeps one processor busy at most.
const HARD_AT_A_TIME: usize = 1;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Brotli, which browsers unpack themselves.
    Brotli,
    /// What those take that came by plain HTTP.
    Gzip,
    /// Not at all.
    Identity,
}

impl Coding {
    /// Returns the best that whoever asks can unpack.
    #[must_use]
    pub fn taken(asked: &HeaderMap) -> Self {
        if takes(asked, "br") {
            Self::Brotli
        } else if takes(asked, "gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// Returns its `Content-Encoding`.
    #[must_use]
    pub fn header(self) -> Option<HeaderValue> {
        match self {
            Self::Brotli => Some(HeaderValue::from_static("br")),
            Self::Gzip => Some(HeaderValue::from_static("gzip")),
            Self::Identity => None,
        }
    }

    /// Returns how many bytes of documents a page may hold that is to be `packed` bytes long: what
    /// pages pack to as a rule, and not what the worst of them would.
    #[must_use]
    pub const fn unpacked(self, packed: usize) -> usize {
        packed.saturating_mul(match self {
            Self::Brotli => 6,
            Self::Gzip => 5,
            Self::Identity => 1,
        })
    }
}

/// Returns whether whoever asks can unpack `coding`.
#[must_use]
pub fn takes(asked: &HeaderMap, coding: &str) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|named| {
        let (name, weight) = named.split_once(';').unwrap_or((named, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
        name.trim().eq_ignore_ascii_case(coding) && !refused
    })
}

/// Packs bodies, few of them hard at a time.
#[derive(Debug)]
pub struct Packer(Arc<Semaphore>);

impl Default for Packer {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(HARD_AT_A_TIME)))
    }
}

impl Packer {
    /// Packs `body`; returns it as it came, under [`Coding::Identity`], when it is short or gains nothing.
    ///
    /// # Errors
    /// The packing could not be carried out.
    pub async fn pack(&self, body: Vec<u8>, coding: Coding) -> io::Result<(Vec<u8>, Coding)> {
        if coding == Coding::Identity || body.len() < PACKED_FROM_BYTES {
            return Ok((body, Coding::Identity));
        }
        if body.len() < BESIDE_FROM_BYTES {
            return pack(body, coding, QUICK);
        }
        let turn = Arc::clone(&self.0).try_acquire_owned().ok().filter(|_| body.len() <= HARD_UP_TO_BYTES);
        let quality = if turn.is_some() { HARD } else { QUICK };
        let packed = spawn_blocking(move || {
            // Kept to the end also when nobody waits for the answer any more.
            let _turn = turn;
            pack(body, coding, quality)
        });
        packed.await.map_err(io::Error::other)?
    }
}

fn pack(body: Vec<u8>, coding: Coding, quality: i32) -> io::Result<(Vec<u8>, Coding)> {
    let mut packed = Vec::new();
    match coding {
        Coding::Brotli => {
            let params = BrotliEncoderParams { quality, size_hint: body.len(), ..BrotliEncoderParams::default() };
            brotli::BrotliCompress(&mut body.as_slice(), &mut packed, &params)?;
        }
        Coding::Gzip => {
            let mut writer = GzEncoder::new(&mut packed, Compression::best());
            writer.write_all(&body)?;
            writer.finish()?;
        }
        Coding::Identity => return Ok((body, Coding::Identity)),
    }
    Ok(if packed.len() < body.len() { (packed, coding) } else { (body, Coding::Identity) })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn asking(encodings: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(encodings))])
    }

    #[test]
    fn the_best_that_is_taken_is_chosen() {
        let cases = [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=0.5, BR;q=1.0", Coding::Brotli),
            ("gzip, br;q=0", Coding::Gzip),
            ("deflate", Coding::Identity),
            ("", Coding::Identity),
        ];
        for (encodings, coding) in cases {
            assert_eq!(Coding::taken(&asking(encodings)), coding, "{encodings}");
        }
    }

    #[tokio::test]
    async fn what_is_packed_comes_back_whole_short_or_long_alone_or_among_others() {
        let packer = Packer::default();
        for length in [PACKED_FROM_BYTES, BESIDE_FROM_BYTES, HARD_UP_TO_BYTES, 2 * HARD_UP_TO_BYTES] {
            let body: Vec<u8> = (0..length).map(|at| (at % 17) as u8).collect();
            for coding in [Coding::Brotli, Coding::Gzip] {
                let (alone, among) = (packer.pack(body.clone(), coding), packer.pack(body.clone(), coding));
                for packed in <[_; 2]>::from(tokio::join!(alone, among)) {
                    let (packed, came) = packed.unwrap();
                    assert_eq!(came, coding);
                    assert!(packed.len() < length.min(2_000), "{} of {length} bytes", packed.len());
                    let mut unpacked = Vec::new();
                    match coding {
                        Coding::Brotli => brotli::Decompressor::new(&packed[..], 4096).read_to_end(&mut unpacked),
                        _ => flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked),
                    }
                    .unwrap();
                    assert_eq!(unpacked, body);
                }
            }
        }
    }

    #[tokio::test]
    async fn what_is_short_or_gains_nothing_stays_as_it_is() {
        let packer = Packer::default();
        let short = vec![0; PACKED_FROM_BYTES - 1];
        assert_eq!(packer.pack(short.clone(), Coding::Brotli).await.unwrap(), (short, Coding::Identity));
        let long = vec![0; BESIDE_FROM_BYTES];
        assert_eq!(packer.pack(long.clone(), Coding::Identity).await.unwrap(), (long, Coding::Identity));
    }
}
