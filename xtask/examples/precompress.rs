//! Writes `FILE.br` beside each file of a folder that compression makes smaller.
//!
//! Called by the build of the client. Apart from xtask itself, which compiles in two seconds because it
//! needs no library. Deliberately writes no gzip: a browser without brotli cannot run the client either.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;

/// Kinds of files that are not compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

const QUALITY: i32 = 11;
/// The largest window a browser accepts.
const WINDOW_BITS: i32 = 24;
/// Text and machine code change their manner often: of all sizes of a block this one gave the smallest files.
const BLOCK_BITS: i32 = 16;
/// Meant for fonts, whose distances fall into the same steps as those of machine code.
const WASM_MODE: BrotliEncoderMode = BrotliEncoderMode::BROTLI_MODE_FONT;
const TEXT_MODE: BrotliEncoderMode = BrotliEncoderMode::BROTLI_MODE_GENERIC;

fn main() -> io::Result<()> {
    for folder in std::env::args().skip(1) {
        precompress(Path::new(&folder))?;
    }
    Ok(())
}

fn precompress(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            precompress(&path)?;
        } else if path.extension().is_some_and(|kind| COMPRESSIBLE.iter().any(|known| kind == *known)) {
            compress(&path)?;
        }
    }
    Ok(())
}

fn compress(path: &Path) -> io::Result<()> {
    let raw = fs::read(path)?;
    let how = BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW_BITS,
        lgblock: BLOCK_BITS,
        size_hint: raw.len(),
        mode: if path.extension().is_some_and(|kind| kind == "wasm") { WASM_MODE } else { TEXT_MODE },
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut raw.as_slice(), &mut compressed, &how)?;
    if compressed.len() >= raw.len() {
        return Ok(());
    }
    println!("{}: {} -> {}", path.display(), raw.len(), compressed.len());
    fs::write(PathBuf::from(format!("{}.br", path.display())), compressed)
}
