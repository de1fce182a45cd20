//! Guards over the request form: numbers and names that documents keep for ever.

use std::collections::BTreeSet;

use super::{
    ACTIVITY_TOPIC, ACTOR, AUTHORITIES, AUTHORITY, AUTHORITY_TYPE, CHANNEL, CONTEXT_AND_PROBLEM, FORM, SENSITIVITIES,
};
use crate::form::{FieldKind, FilledBy, HeldIn, Holds, Need, Sensitivity, Test};
use crate::lists;

/// Every number ever given out, with its name. Lines are added, never changed or removed.
const GIVEN_OUT: &[(u16, &str)] = &[
    (1, "channel"),
    (2, "kind"),
    (3, "title"),
    (4, "document_language"),
    (5, "partner_countries"),
    (6, "thematic_areas"),
    (7, "themes"),
    (8, "authorities"),
    (9, "context_and_problem"),
    (10, "legal_and_policy_framework"),
    (11, "gap_individual"),
    (12, "gap_organisational"),
    (13, "gap_enabling"),
    (14, "objectives"),
    (15, "expected_results"),
    (16, "expected_outputs"),
    (17, "proposed_activities"),
    (18, "target_groups"),
    (19, "gender_and_rights"),
    (20, "sustainability"),
    (21, "partner_contribution"),
    (22, "previous_cooperation"),
    (23, "sensitivities"),
    (24, "authority_name"),
    (25, "authority_original_name"),
    (26, "authority_unit"),
    (27, "authority_type"),
    (28, "authority_country"),
    (29, "authority_role"),
    (30, "government_endorser"),
    (31, "focal_family_name"),
    (32, "focal_given_name"),
    (33, "focal_latin_name"),
    (34, "focal_title"),
    (35, "focal_function"),
    (36, "focal_email"),
    (37, "focal_phone"),
    (38, "focal_preferred_channel"),
    (39, "focal_safe_to_contact"),
    (40, "national_strategy"),
    (41, "eu_framework"),
    (42, "sdg_targets"),
    (43, "gcm_objectives"),
    (44, "activity_type"),
    (45, "activity_topic"),
    (46, "activity_month"),
    (47, "activity_participants"),
    (48, "estimated_participants"),
    (49, "women_share"),
    (50, "expertise_profile"),
    (51, "expertise_countries"),
    (52, "expertise_languages"),
    (53, "interagency_actors"),
    (54, "actor_name"),
    (55, "actor_role"),
    (56, "no_previous_cooperation"),
    (57, "earlier_references"),
    (58, "no_other_donors"),
    (59, "other_donors"),
    (60, "donor_name"),
    (61, "donor_project"),
    (62, "eu_delegation_informed"),
    (63, "eu_delegation_contact"),
    (64, "earliest"),
    (65, "latest"),
    (66, "urgency"),
    (67, "urgency_reason"),
    (68, "working_languages"),
    (69, "interpretation_needed"),
    (70, "letter_to_follow"),
    (71, "letter_expected_on"),
    (72, "signatory_name"),
    (73, "signatory_function"),
    (74, "signatory_date"),
    (75, "declares_mandate"),
    (76, "declares_notice_read"),
    (77, "declares_no_victim_data"),
];

#[test]
fn every_number_keeps_its_name_and_none_is_used_twice() {
    let mut now: Vec<(u16, &str)> = FORM.fields().map(|field| (field.id.0, field.key)).collect();
    now.sort_unstable();
    assert_eq!(now, GIVEN_OUT, "a field's number is never renamed, reused or deleted; retire the field instead");
}

#[test]
fn names_of_fields_sections_and_rules_are_used_once() {
    let fields: BTreeSet<&str> = FORM.fields().map(|field| field.key).collect();
    assert_eq!(fields.len(), FORM.fields().count());
    let sections: BTreeSet<&str> = FORM.sections.iter().map(|section| section.key).collect();
    assert_eq!(sections.len(), FORM.sections.len());
    let rules: BTreeSet<&str> = FORM.rules.iter().map(|rule| rule.key).collect();
    assert_eq!(rules.len(), FORM.rules.len());
}

#[test]
fn conditions_and_rules_look_at_fields_that_exist() {
    for field in FORM.fields() {
        if let Need::When(condition) = field.need {
            let looked_at = FORM.field(condition.field).unwrap_or_else(|| panic!("{} looks at no field", field.key));
            if let Holds::Code(code) = condition.holds {
                let (FieldKind::Choice { list } | FieldKind::Choices { list, .. }) = looked_at.kind else {
                    panic!("{} looks for a code where there is none", field.key)
                };
                assert!(lists::holds(list, code), "{code} is no code of {list:?}");
            }
        }
        if let (Some(code), FieldKind::Choice { list }) = (field.default, field.kind) {
            assert!(lists::holds(list, code), "{code} is no code of {list:?}");
        }
    }
    for rule in FORM.rules {
        let fields = match rule.test {
            Test::NotBefore(first, second) | Test::ExactlyOne(first, second, _) => {
                vec![first, second]
            }
            Test::AnyOf(fields) => fields.to_vec(),
            Test::NotPast(field) => vec![field],
            Test::ItemsWhen(list, _, condition) => vec![list, condition.field],
        };
        assert!(fields.iter().all(|id| FORM.field(*id).is_some()), "{} looks at no field", rule.key);
    }
}

#[test]
fn types_that_need_a_government_are_authority_types() {
    assert!(super::NEEDS_ENDORSER.iter().all(|code| lists::authority_types::authority_type(code).is_some()));
}

#[test]
fn the_confidential_note_is_apart_and_the_channel_is_for_staff() {
    let note = FORM.field(SENSITIVITIES).expect("asked");
    assert_eq!((note.held_in, note.sensitivity), (HeldIn::Note, Sensitivity::High));
    assert_eq!(FORM.fields().filter(|field| field.held_in == HeldIn::Note).count(), 1);
    let channel = FORM.field(CHANNEL).expect("asked");
    assert_eq!((channel.filled_by, channel.default), (FilledBy::Staff, Some("portal")));
    assert_eq!(FORM.fields().filter(|field| field.filled_by == FilledBy::Staff).count(), 1);
}

#[test]
fn item_fields_are_found_with_their_list_and_section() {
    assert_eq!(FORM.container_of(AUTHORITY_TYPE).map(|list| list.id), Some(AUTHORITIES));
    assert!(FORM.container_of(CONTEXT_AND_PROBLEM).is_none());
    assert_eq!(FORM.section_of(ACTIVITY_TOPIC).map(|section| section.key), Some("results"));
    assert_eq!((AUTHORITY.len(), ACTOR.len()), (6, 2));
}

#[test]
fn what_is_asked_before_a_request_is_opened_is_a_line_or_a_choice() {
    for id in FORM.opening.asks {
        let field = FORM.field(*id).expect("a field of the form");
        assert!(matches!(field.kind, FieldKind::Text { .. } | FieldKind::Choice { .. }), "{}", field.key);
    }
    for (id, code) in FORM.opening.presets {
        let Some(FieldKind::Choice { list }) = FORM.field(*id).map(|field| field.kind) else { panic!("a choice") };
        assert!(lists::holds(list, code), "{code}");
    }
}
