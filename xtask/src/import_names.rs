//! Short names between the client's WASM and its JavaScript.
//!
//! wasm-bindgen names every function that crosses with a hash, and writes it into both files: bytes
//! that no compression makes smaller. Here each becomes a letter or two. Runs in wasm-bindgen's
//! place, before Trunk names the files after their contents. Deliberately does not know what the
//! functions do.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::child;
use crate::failure::Failure;
use crate::glue;

/// The command this program is called by in wasm-bindgen's place.
pub const COMMAND: &str = "wasm-bindgen";
const FOLDER: &str = "stand-in";
const HEAD_BYTES: usize = 8;
const IMPORT_SECTION: u8 = 2;
/// The kind of an import that is a function; wasm-bindgen writes no other.
const FUNCTION: u8 = 0;

/// A module, and what each function it imports was called before and is called now.
type Shortened = (Vec<u8>, Vec<(String, String)>);

/// Puts a program of wasm-bindgen's name into a folder, which calls this one.
pub fn stand_in(folder: &Path) -> Result<PathBuf, Failure> {
    let folder = folder.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Failure::file("making", &folder))?;
    let path = folder.join("wasm-bindgen");
    let script = format!("#!/bin/sh\nexec \"$RELAIS_XTASK\" {COMMAND} \"$@\"\n");
    fs::write(&path, script).map_err(Failure::file("writing", &path))?;
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&path, mode).map_err(Failure::file("changing", &path))?;
    Ok(folder)
}

/// Calls the real program with the same arguments, then shortens the names in what it wrote.
pub fn run(arguments: &[String]) -> Result<ExitCode, Failure> {
    let path = env::var_os("PATH").unwrap_or_default();
    let real = env::split_paths(&path)
        .map(|folder| folder.join("wasm-bindgen"))
        .find(|path| path.is_file() && !path.parent().is_some_and(|folder| folder.ends_with(FOLDER)))
        .ok_or_else(|| Failure::Unexpected("there is no wasm-bindgen in PATH beside its stand-in".into()))?;
    let mut program = child::command(&real);
    let status = program.args(arguments).status().map_err(Failure::io("starting wasm-bindgen"))?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    let folder = arguments.iter().enumerate().find_map(|(index, argument)| match argument.strip_prefix("--out-dir") {
        Some("") => arguments.get(index + 1).map(PathBuf::from),
        Some(rest) => rest.strip_prefix('=').map(PathBuf::from),
        None => None,
    });
    match folder {
        Some(folder) => shorten_in(&folder).map(|()| ExitCode::SUCCESS),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn shorten_in(folder: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(Failure::file("reading", folder))? {
        let wasm_path = entry.map_err(Failure::file("reading", folder))?.path();
        let Some(stem) = wasm_path.to_str().and_then(|path| path.strip_suffix("_bg.wasm")) else { continue };
        let script_path = PathBuf::from(format!("{stem}.js"));
        let wasm = fs::read(&wasm_path).map_err(Failure::file("reading", &wasm_path))?;
        let script = fs::read_to_string(&script_path).map_err(Failure::file("reading", &script_path))?;
        let shortened =
            shorten(&wasm).and_then(|(wasm, names)| Some((wasm, glue::trimmed(&rename(&script, &names)?)?)));
        let (wasm, script) = shortened.ok_or_else(|| {
            Failure::Unexpected(format!("{} is not written as this wasm-bindgen used to", wasm_path.display()))
        })?;
        fs::write(&wasm_path, wasm).map_err(Failure::file("writing", &wasm_path))?;
        fs::write(&script_path, script).map_err(Failure::file("writing", &script_path))?;
    }
    Ok(())
}

/// Returns the module with short names for what it imports, and what each was before; `None` for
/// anything that is not such a module.
fn shorten(wasm: &[u8]) -> Option<Shortened> {
    let mut out = wasm.get(..HEAD_BYTES)?.to_vec();
    let mut names = Vec::new();
    let mut rest = Reader(&wasm[HEAD_BYTES..]);
    while !rest.0.is_empty() {
        let id = rest.byte()?;
        let content = rest.sized()?;
        out.push(id);
        if id == IMPORT_SECTION {
            write_sized(&mut out, &shorten_imports(content, &mut names)?);
        } else {
            write_sized(&mut out, content);
        }
    }
    Some((out, names))
}

fn shorten_imports(content: &[u8], names: &mut Vec<(String, String)>) -> Option<Vec<u8>> {
    let mut imports = Reader(content);
    let count = imports.number()?;
    let mut out = Vec::new();
    write_number(&mut out, count);
    for index in 0..count {
        let module = imports.sized()?;
        let name = String::from_utf8(imports.sized()?.to_vec()).ok()?;
        let short = letters(index);
        write_sized(&mut out, module);
        write_sized(&mut out, short.as_bytes());
        names.push((name, short));
        if imports.byte()? != FUNCTION {
            return None;
        }
        out.push(FUNCTION);
        write_number(&mut out, imports.number()?);
    }
    imports.0.is_empty().then_some(out)
}

/// Gives each function its short name in the glue, where it stands once, as the key of an object.
fn rename(script: &str, names: &[(String, String)]) -> Option<String> {
    let mut script = script.to_owned();
    for (name, short) in names {
        let before = format!(" {name}: ");
        if script.matches(&before).count() != 1 {
            return None;
        }
        script = script.replace(&before, &format!(" {short}: "));
    }
    Some(script)
}

fn letters(index: u64) -> String {
    let letter = |at: u64| char::from(b'a' + (at % 26) as u8);
    match index / 26 {
        0 => letter(index).to_string(),
        more => format!("{}{}", letters(more - 1), letter(index)),
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Reads an unsigned LEB128 number.
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn sized(&mut self) -> Option<&'a [u8]> {
        let size = usize::try_from(self.number()?).ok()?;
        let (content, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(content)
    }
}

fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_sized(out: &mut Vec<u8>, content: &[u8]) {
    write_number(out, content.len() as u64);
    out.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A module that imports two functions and has one more section behind.
    fn module(first: &str, second: &str) -> Vec<u8> {
        let mut imports = vec![2];
        for (name, kind) in [(first, 5), (second, 200)] {
            write_sized(&mut imports, b"./app_bg.js");
            write_sized(&mut imports, name.as_bytes());
            imports.push(FUNCTION);
            write_number(&mut imports, kind);
        }
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.push(IMPORT_SECTION);
        write_sized(&mut wasm, &imports);
        wasm.extend([10, 3, 1, 2, 3]);
        wasm
    }

    #[test]
    fn both_files_hold_the_same_short_names_and_nothing_else_changes() {
        let (wasm, names) = shorten(&module("__wbg_get_12ab", "__wbg_set_34cd")).unwrap();
        assert_eq!(wasm, module("a", "b"));
        let glue = "{ __wbg_get_12ab: function() {}, __wbg_set_34cd: function() {} }";
        assert_eq!(rename(glue, &names).unwrap(), "{ a: function() {}, b: function() {} }");
    }

    #[test]
    fn glue_that_does_not_name_a_function_is_refused() {
        let (_, names) = shorten(&module("__wbg_get_12ab", "__wbg_set_34cd")).unwrap();
        assert_eq!(rename("{ __wbg_get_12ab: function() {} }", &names), None);
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let whole = module("one", "two");
        assert!((HEAD_BYTES + 1..whole.len()).all(|end| shorten(&whole[..end]).is_none() || end == whole.len() - 5));
    }

    #[test]
    fn names_never_meet() {
        let all: std::collections::BTreeSet<String> = (0..1_000).map(letters).collect();
        assert_eq!(all.len(), 1_000);
    }
}
