//! Pillars and themes (domain.md §4.3, §4.4).
//!
//! A theme has a home pillar, but a request may combine any pillar with any theme: real actions do,
//! so no hierarchy is enforced.

/// Pillars, the horizontal one last.
pub const PILLARS: &[&str] = &["IMT", "LM", "MD", "IP", "HO"];

/// A theme and the pillar it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    /// Its code.
    pub code: &'static str,
    /// The code of its pillar.
    pub pillar: &'static str,
}

/// Themes, pillar by pillar. The first 18 of domain.md §4.4; the other five are the extra areas it
/// names without a code: border management, legislation, training capacities, children, health.
pub const THEMES: &[Theme] = &[
    of("THB", "IMT"),
    of("RET", "IMT"),
    of("YOU", "IMT"),
    of("MAR", "IMT"),
    of("BOR", "IMT"),
    of("LAB", "LM"),
    of("INT", "LM"),
    of("REG", "LM"),
    of("MDV", "MD"),
    of("DIA", "MD"),
    of("ASY", "IP"),
    of("DAT", "HO"),
    of("POL", "HO"),
    of("LEG", "HO"),
    of("COM", "HO"),
    of("VUL", "HO"),
    of("UAM", "HO"),
    of("CHI", "HO"),
    of("CON", "HO"),
    of("ENV", "HO"),
    of("HEA", "HO"),
    of("QUA", "HO"),
    of("TRA", "HO"),
];

/// The themes' codes.
pub const CODES: &[&str] = &CODE_ARRAY;

/// Returns the pillar a theme belongs to; `None` for a code that is no theme.
#[must_use]
pub fn pillar_of(theme: &str) -> Option<&'static str> {
    THEMES.iter().find(|known| known.code == theme).map(|known| known.pillar)
}

const CODE_ARRAY: [&str; THEMES.len()] = {
    let mut codes = [""; THEMES.len()];
    let mut index = 0;
    while index < codes.len() {
        codes[index] = THEMES[index].code;
        index += 1;
    }
    codes
};

const fn of(code: &'static str, pillar: &'static str) -> Theme {
    Theme { code, pillar }
}
