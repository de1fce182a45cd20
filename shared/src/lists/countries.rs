//! Countries by their ISO 3166 alpha-2 code, and the other names they go by.
//!
//! Which of them may be helped is for `instruments`; which region they are in, for `regions`.

use crate::text::fold;

/// The 28 countries of the 2018 statistics (domain.md §4.2).
pub const IN_2018: &[&str] = &[
    "CF", "CD", "KE", "MG", "MW", "RW", "BJ", "BF", "CV", "GW", "GH", "ML", "NE", "NG", "TG", "TJ", "TH", "TL", "MM",
    "BY", "JO", "MD", "TN", "CR", "DO", "MX", "PY", "PE",
];

/// Countries whose words are in the message files: those of 2018 and the others that occur in its
/// report as partners.
pub const WITH_WORDS: &[&str] = &[
    "AR", "BF", "BJ", "BR", "BY", "CD", "CF", "CI", "CL", "CR", "CV", "DO", "EC", "GH", "GW", "JO", "KE", "KG", "KH",
    "LA", "MA", "MD", "MG", "ML", "MM", "MR", "MU", "MW", "MX", "NE", "NG", "PE", "PH", "PY", "RW", "SL", "SN", "TG",
    "TH", "TJ", "TL", "TN",
];

/// Every country or territory some instrument covers, now or earlier.
pub const PARTNERS: &[&str] = &[
    "AF", "AG", "AI", "AM", "AO", "AQ", "AR", "AW", "AZ", "BB", "BD", "BF", "BI", "BJ", "BL", "BM", "BO", "BQ", "BR",
    "BS", "BT", "BW", "BY", "BZ", "CD", "CF", "CG", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "DJ",
    "DM", "DO", "DZ", "EC", "EG", "ER", "ET", "FJ", "FK", "FM", "GA", "GD", "GE", "GH", "GL", "GM", "GN", "GQ", "GS",
    "GT", "GW", "GY", "HN", "HT", "ID", "IL", "IN", "IO", "IQ", "IR", "JM", "JO", "KE", "KG", "KH", "KI", "KM", "KN",
    "KP", "KY", "KZ", "LA", "LB", "LC", "LK", "LR", "LS", "LY", "MA", "MD", "MG", "MH", "ML", "MM", "MN", "MR", "MS",
    "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NG", "NI", "NP", "NR", "NU", "PA", "PE", "PF", "PG", "PH",
    "PK", "PM", "PN", "PS", "PW", "PY", "RW", "SB", "SC", "SD", "SH", "SL", "SN", "SO", "SR", "SS", "ST", "SV", "SX",
    "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TL", "TM", "TN", "TO", "TT", "TV", "TZ", "UA", "UG", "UY", "UZ",
    "VC", "VE", "VG", "VN", "VU", "WF", "WS", "YE", "ZA", "ZM", "ZW",
];

/// Every country and territory of ISO 3166-1.
pub const ALL: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA", "BB", "BD",
    "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA",
    "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ", "DE",
    "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA",
    "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK",
    "HM", "HN", "HR", "HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP",
    "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT",
    "LU", "LV", "LY", "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS",
    "MT", "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU", "NZ",
    "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS",
    "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST",
    "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO", "TR", "TT", "TV", "TW",
    "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE", "VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA",
    "ZM", "ZW",
];

/// Other names of countries, as found in letters and old files (domain.md §4.2, §5.7).
pub const ALIASES: &[(&str, &str)] = &[
    ("Bélarus", "BY"),
    ("Biélorussie", "BY"),
    ("Birmanie", "MM"),
    ("Burma", "MM"),
    ("Cabo Verde", "CV"),
    ("Cap-Vert", "CV"),
    ("Cape Verde", "CV"),
    ("Centrafrique", "CF"),
    ("Côte d’Ivoire", "CI"),
    ("DR Congo", "CD"),
    ("DRC", "CD"),
    ("East Timor", "TL"),
    ("Ivory Coast", "CI"),
    ("Kirghizistan", "KG"),
    ("Kirghizstan", "KG"),
    ("Moldavie", "MD"),
    ("Moldova", "MD"),
    ("RCA", "CF"),
    ("RDC", "CD"),
    ("République de Moldova", "MD"),
    ("Timor oriental", "TL"),
    ("Timor-Leste", "TL"),
];

/// Returns the country an alias stands for; case, accents and the kind of apostrophe do not matter.
#[must_use]
pub fn named(alias: &str) -> Option<&'static str> {
    let wanted = fold(alias.trim());
    ALIASES.iter().find(|(name, _)| fold(name) == wanted).map(|(_, code)| *code)
}
