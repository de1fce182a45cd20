//! The numbers of the request's fields.
//!
//! A number is never renamed, reused or given back: documents keep it for ever. New fields take the
//! next free one. Numbers below 24 take one byte in an operation; the fields written most have them.

use crate::value::FieldId;

pub const CHANNEL: FieldId = FieldId(1);
pub const KIND: FieldId = FieldId(2);
pub const TITLE: FieldId = FieldId(3);
pub const DOCUMENT_LANGUAGE: FieldId = FieldId(4);
pub const PARTNER_COUNTRIES: FieldId = FieldId(5);
pub const THEMATIC_AREAS: FieldId = FieldId(6);
pub const THEMES: FieldId = FieldId(7);
pub const AUTHORITIES: FieldId = FieldId(8);
pub const CONTEXT_AND_PROBLEM: FieldId = FieldId(9);
pub const LEGAL_AND_POLICY_FRAMEWORK: FieldId = FieldId(10);
pub const GAP_INDIVIDUAL: FieldId = FieldId(11);
pub const GAP_ORGANISATIONAL: FieldId = FieldId(12);
pub const GAP_ENABLING: FieldId = FieldId(13);
pub const OBJECTIVES: FieldId = FieldId(14);
pub const EXPECTED_RESULTS: FieldId = FieldId(15);
pub const EXPECTED_OUTPUTS: FieldId = FieldId(16);
pub const PROPOSED_ACTIVITIES: FieldId = FieldId(17);
pub const TARGET_GROUPS: FieldId = FieldId(18);
pub const GENDER_AND_RIGHTS: FieldId = FieldId(19);
pub const SUSTAINABILITY: FieldId = FieldId(20);
pub const PARTNER_CONTRIBUTION: FieldId = FieldId(21);
pub const PREVIOUS_COOPERATION: FieldId = FieldId(22);
pub const SENSITIVITIES: FieldId = FieldId(23);

// Each authority.
pub const AUTHORITY_NAME: FieldId = FieldId(24);
pub const AUTHORITY_ORIGINAL_NAME: FieldId = FieldId(25);
pub const AUTHORITY_UNIT: FieldId = FieldId(26);
pub const AUTHORITY_TYPE: FieldId = FieldId(27);
pub const AUTHORITY_COUNTRY: FieldId = FieldId(28);
pub const AUTHORITY_ROLE: FieldId = FieldId(29);
pub const GOVERNMENT_ENDORSER: FieldId = FieldId(30);

// The focal point.
pub const FOCAL_FAMILY_NAME: FieldId = FieldId(31);
pub const FOCAL_GIVEN_NAME: FieldId = FieldId(32);
pub const FOCAL_LATIN_NAME: FieldId = FieldId(33);
pub const FOCAL_TITLE: FieldId = FieldId(34);
pub const FOCAL_FUNCTION: FieldId = FieldId(35);
pub const FOCAL_EMAIL: FieldId = FieldId(36);
pub const FOCAL_PHONE: FieldId = FieldId(37);
pub const FOCAL_PREFERRED_CHANNEL: FieldId = FieldId(38);
pub const FOCAL_SAFE_TO_CONTACT: FieldId = FieldId(39);

// Alignment with strategies and goals.
pub const NATIONAL_STRATEGY: FieldId = FieldId(40);
pub const EU_FRAMEWORK: FieldId = FieldId(41);
pub const SDG_TARGETS: FieldId = FieldId(42);
pub const GCM_OBJECTIVES: FieldId = FieldId(43);

// Each proposed activity.
pub const ACTIVITY_TYPE: FieldId = FieldId(44);
pub const ACTIVITY_TOPIC: FieldId = FieldId(45);
pub const ACTIVITY_MONTH: FieldId = FieldId(46);
pub const ACTIVITY_PARTICIPANTS: FieldId = FieldId(47);

// People and expertise.
pub const ESTIMATED_PARTICIPANTS: FieldId = FieldId(48);
pub const WOMEN_SHARE: FieldId = FieldId(49);
pub const EXPERTISE_PROFILE: FieldId = FieldId(50);
pub const EXPERTISE_COUNTRIES: FieldId = FieldId(51);
pub const EXPERTISE_LANGUAGES: FieldId = FieldId(52);

// Other actors.
pub const INTERAGENCY_ACTORS: FieldId = FieldId(53);
pub const ACTOR_NAME: FieldId = FieldId(54);
pub const ACTOR_ROLE: FieldId = FieldId(55);
pub const NO_PREVIOUS_COOPERATION: FieldId = FieldId(56);
pub const EARLIER_REFERENCES: FieldId = FieldId(57);
pub const NO_OTHER_DONORS: FieldId = FieldId(58);
pub const OTHER_DONORS: FieldId = FieldId(59);
pub const DONOR_NAME: FieldId = FieldId(60);
pub const DONOR_PROJECT: FieldId = FieldId(61);
pub const EU_DELEGATION_INFORMED: FieldId = FieldId(62);
pub const EU_DELEGATION_CONTACT: FieldId = FieldId(63);

// Timing and languages.
pub const EARLIEST: FieldId = FieldId(64);
pub const LATEST: FieldId = FieldId(65);
pub const URGENCY: FieldId = FieldId(66);
pub const URGENCY_REASON: FieldId = FieldId(67);
pub const WORKING_LANGUAGES: FieldId = FieldId(68);
pub const INTERPRETATION_NEEDED: FieldId = FieldId(69);

// Letter and declarations.
pub const LETTER_TO_FOLLOW: FieldId = FieldId(70);
pub const LETTER_EXPECTED_ON: FieldId = FieldId(71);
pub const SIGNATORY_NAME: FieldId = FieldId(72);
pub const SIGNATORY_FUNCTION: FieldId = FieldId(73);
pub const SIGNATORY_DATE: FieldId = FieldId(74);
pub const DECLARES_MANDATE: FieldId = FieldId(75);
pub const DECLARES_NOTICE_READ: FieldId = FieldId(76);
pub const DECLARES_NO_VICTIM_DATA: FieldId = FieldId(77);
