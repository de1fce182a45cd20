//! Reads versions from `Cargo.lock`.
//!
//! Deliberately understands only the two lines it needs; the format is Cargo's own.

/// Returns the version of a package in the text of a `Cargo.lock`.
pub fn version_of<'text>(lockfile: &'text str, package: &str) -> Option<&'text str> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lockfile.lines();
    lines.find(|line| line.trim() == wanted)?;
    lines.next()?.trim().strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKFILE: &str = "\
[[package]]
name = \"wasm-bindgen-futures\"
version = \"0.4.80\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.130\"
source = \"registry\"
dependencies = [
 \"wasm-bindgen-macro\",
]
";

    #[test]
    fn the_version_is_the_one_of_the_exact_name() {
        assert_eq!(version_of(LOCKFILE, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_of(LOCKFILE, "wasm-bindgen-futures"), Some("0.4.80"));
    }

    #[test]
    fn a_package_that_is_not_there_has_no_version() {
        assert_eq!(version_of(LOCKFILE, "wasm-bindgen-macro"), None);
        assert_eq!(version_of("", "wasm-bindgen"), None);
    }
}
