//! The first page (`public/start.js`) signs people in before any program runs, in another language than the rest. What it
//! has to have in common with client and server is held here: nothing else would notice that they differ.

use std::fs;
use std::path::Path;

use shared::api::{CALL_HEADER, RefusalCode, SESSION, SignIn, SignedIn};
use shared::ids::PersonId;
use shared::role::Role;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[track_caller]
fn holds(name: &str, text: &str) {
    assert!(file(name).contains(text), "{name} lacks {text}");
}

#[test]
fn it_starts_the_offices_program_for_the_roles_that_work_there() {
    let office: Vec<String> =
        Role::ALL.into_iter().filter(|role| role.in_office()).map(|role| format!("\"{}\"", role.code())).collect();
    holds("public/start.js", &format!("const OFFICE_ROLES = [{}];", office.join(", ")));
}

#[test]
fn it_speaks_the_servers_language() {
    holds("public/start.js", &format!("const SESSION = \"{SESSION}\";"));
    holds("public/start.js", &format!("\"{CALL_HEADER}\": "));
    let asked = SignIn { login: String::new(), password: String::new(), device_label: String::new() };
    let asked = serde_json::to_value(asked).expect("JSON");
    let names: Vec<&String> = asked.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["device_label", "login", "password"]);
    holds("public/start.js", "{ login: login.value.trim(), password: password.value, device_label }");
    let refused = serde_json::to_value(RefusalCode::WrongCredentials).expect("JSON");
    holds("public/start.js", &format!("refusal.code === {refused}"));
}

/// What the server says is handed over as it came, and the first page itself reads two fields of it.
#[test]
fn it_reads_who_has_signed_in() {
    let who = SignedIn {
        person: PersonId(7),
        name: "Ana".to_owned(),
        role: Role::Signatory,
        authority: None,
        language: "fr".to_owned(),
    };
    let said = serde_json::to_value(who).expect("JSON");
    assert_eq!((&said["person"], &said["role"]), (&serde_json::json!(7), &serde_json::json!("signatory")));
    for read in ["answer.person", "answer.role"] {
        holds("public/start.js", read);
    }
}

/// Hints, hooks and events, which either side writes for the other.
#[test]
fn it_and_the_programs_call_the_same_things_by_the_same_names() {
    for hint in ["person", "program"] {
        holds("public/start.js", &format!("kept(\"{hint}\")"));
        holds("public/start.js", &format!("keep(\"{hint}\", "));
        holds("app/src/session/remembered.rs", &format!("\"relais.{hint}\""));
    }
    for program in ["portal", "office"] {
        holds("public/start.js", &format!("\"{program}\""));
        holds("app/src/session/remembered.rs", &format!("\"{program}\""));
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../app/{program}.html")).exists(), "{program}");
    }
    holds("public/start.js", "\"data-signed-in\"");
    holds("app/src/session/remembered.rs", "\"data-signed-in\"");
    for event in ["relais:drawn", "relais:stopped"] {
        holds("public/start.js", &format!("addEventListener(\"{event}\", "));
        holds("app/src/program.rs", &format!("announce(\"{event}\")"));
    }
    // The stores by which it sees that a browser has been used before.
    holds("public/start.js", "name.startsWith(\"relais-\")");
    holds("app/src/storage/indexed_db.rs", "format!(\"relais-{}\"");
}
