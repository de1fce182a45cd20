//! What must never be stored: what is recognised, and what is left alone.

use super::super::{Complaint, SensitiveKind, sensitive};
use super::{problems, warns};
use crate::forms::request::*;

#[test]
fn what_must_not_be_stored_warns_and_never_blocks() {
    let phone = "+223 70 00 00 01";
    let found = problems(|a| a.write(CONTEXT_AND_PROBLEM, &format!("Appeler le {phone}.")));
    let complaint = Complaint::Sensitive { kind: SensitiveKind::Phone, found: phone.to_owned() };
    assert_eq!(found, [warns(CONTEXT_AND_PROBLEM, complaint)]);
    let in_line = problems(|a| a.line(TITLE, "Passeport B1234567"));
    assert!(matches!(in_line[0].complaint, Complaint::Sensitive { kind: SensitiveKind::IdentityNumber, .. }));
}

#[test]
fn signs_of_forbidden_content() {
    use SensitiveKind::{IdentityNumber, NamedPerson, Phone};
    let cases: &[(&str, &[(SensitiveKind, &str)])] = &[
        ("carte 12345678 délivrée", &[(IdentityNumber, "12345678")]),
        ("passport no. AB12345", &[(IdentityNumber, "AB12345")]),
        ("CURP: GOMC900514", &[(IdentityNumber, "GOMC900514")]),
        ("NIN 198-765-4321", &[(IdentityNumber, "198-765-4321")]),
        ("numéro 1-990-1234567-89 au registre", &[(IdentityNumber, "1-990-1234567-89")]),
        ("appeler +254712345678", &[(Phone, "+254712345678")]),
        ("En 2016. +254 712 345 678, le soir", &[(Phone, "+254 712 345 678")]),
        ("call 0712 345 678", &[(Phone, "0712 345 678")]),
        ("La victime, nommée Awa, vit à Kayes.", &[(NamedPerson, "victime, nommée Awa,")]),
        ("one victim called Grace was", &[(NamedPerson, "victim called Grace")]),
        ("The victim, Mr. Diallo, left.", &[(NamedPerson, "victim, Mr. Diallo,")]),
        ("la víctima menor llamada Rosa", &[(NamedPerson, "víctima menor llamada Rosa")]),
        ("жертва по имени Анна", &[(NamedPerson, "жертва по имени Анна")]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|(kind, found)| (*kind, (*found).to_owned())).collect();
        assert_eq!(sensitive(text), expected, "{text}");
    }
}

#[test]
fn ordinary_words_are_left_alone() {
    let innocent = [
        "Règlement (UE) 2015/322 du 2 mars 2015, décret n° 2012-345",
        "from 2016-01-01 to 2019-12-31, reference 2014-05",
        "1 200 000 000 FCFA, soit 15000000 par an",
        "120 participants, 40 % de femmes, 27–28 septembre 2018",
        "les 01 02 2016 et 05.06.2018",
        "la protection des victimes de la traite",
        "the victim was safe. Mr Diallo is the director",
        "called Grace",
        "COVID19, ISO9001, A320, H1N1",
        "objectif 10.7 et cible 17.18",
    ];
    for text in innocent {
        let found = sensitive(text);
        assert!(found.is_empty(), "{text}: {found:?}");
    }
}
