//! Writes `FILE.br` beside each file of a folder that compression makes smaller.
//!
//! Called by the build of the client. Apart from xtask itself, which compiles in two seconds because it
//! needs no library. Deliberately writes no gzip: a browser without brotli cannot run the client either.
#![expect(clippy::print_stdout, reason = "a command line tool talks on standard output")]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Kinds of files that are not compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

const QUALITY: u32 = 11;
/// The largest window a browser accepts.
const WINDOW_BITS: u32 = 24;
const BUFFER_BYTES: usize = 1 << 16;

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
    let mut compressor = brotli::CompressorWriter::new(Vec::new(), BUFFER_BYTES, QUALITY, WINDOW_BITS);
    compressor.write_all(&raw)?;
    let compressed = compressor.into_inner();
    if compressed.len() >= raw.len() {
        return Ok(());
    }
    println!("{}: {} -> {}", path.display(), raw.len(), compressed.len());
    fs::write(PathBuf::from(format!("{}.br", path.display())), compressed)
}
