//! wasm-bindgen's JavaScript without the parts that no browser able to run the client comes to.
//!
//! It provides for browsers without reference types, servers that name WASM wrongly and callers of
//! older versions; the page asks for reference types before it loads anything (`public/boot.js`).
//! Deliberately knows the text of one version of wasm-bindgen: where another writes otherwise, the
//! build stops here.

/// From here on it is about getting the module.
const LOADING: &str = "async function __wbg_load(module, imports) {";
/// All that is asked of it.
const LOADED: &str = "async function load({ module_or_path }) {
    const { instance } = await WebAssembly.instantiateStreaming(fetch(module_or_path), __wbg_get_imports());
    __wbg_finalize_init(instance);
}
export default load;
";
/// What stands there, and what is enough.
const CUTS: [(&str, &str); 6] = [
    ("let wasmModule, wasmInstance, wasm;", "let wasm;"),
    ("(instance, module) {\n    wasmInstance = instance;\n", "(instance) {\n"),
    ("    wasmModule = module;\n", ""),
    (
        "(typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry",
        "new FinalizationRegistry",
    ),
    (
        "if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
        const buf = cachedTextEncoder.encode(arg);
        view.set(buf);
        return {
            read: arg.length,
            written: buf.length
        };
    };
}
",
        "",
    ),
    (
        "    if (realloc === undefined) {
        const buf = cachedTextEncoder.encode(arg);
        const ptr = malloc(buf.length, 1) >>> 0;
        getUint8ArrayMemory0().subarray(ptr, ptr + buf.length).set(buf);
        WASM_VECTOR_LEN = buf.length;
        return ptr;
    }
",
        "",
    ),
];

/// Returns the script without them; `None` where it is written otherwise.
pub fn trimmed(script: &str) -> Option<String> {
    let (before, _) = script.split_once(LOADING)?;
    CUTS.into_iter().try_fold(format!("{before}{LOADED}"), |script, (from, to)| {
        (script.matches(from).count() == 1).then(|| script.replace(from, to))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> String {
        CUTS.iter().map(|(from, _)| *from).chain([LOADING, "initSync"]).collect()
    }

    #[test]
    fn all_of_it_is_cut_and_the_loading_is_short() {
        let trimmed = trimmed(&written()).unwrap();
        assert!(trimmed.ends_with(LOADED));
        assert!(!trimmed.contains("initSync") && !trimmed.contains("encodeInto"));
    }

    #[test]
    fn a_script_that_is_written_otherwise_is_refused() {
        for (from, _) in CUTS {
            assert_eq!(trimmed(&written().replace(from, "something else")), None);
        }
        assert_eq!(trimmed("export default 1;"), None);
    }
}
