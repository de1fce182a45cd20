//! Filling in: fields by their labels, with the keys a person presses.

use std::path::Path;

use serde_json::{Value, json};

use super::Browser;
use super::driver::Element;
use super::keys::{self, Stroke};

impl Browser {
    /// Replaces what a field holds by typing, and waits until the field holds the text.
    #[track_caller]
    pub fn fill(&self, label: &str, text: &str) {
        let deed = format!("fill “{label}”");
        let field = self.wait_to(&deed, || {
            let found = self.look("control", label, &Value::Null)?;
            self.click_found(&found)?;
            Ok(found)
        });
        let held = self.do_once(&deed, self.look_at("select_all", &field, &json!(text)));
        if held == json!("full") {
            self.type_keys(keys::DELETE);
        }
        if held != json!("set") {
            self.type_keys(text);
        }
        self.wait_to(&deed, || self.look_at("value_is", &field, &json!(text)));
    }

    /// Moves the focus to a field by clicking into it.
    #[track_caller]
    pub fn focus(&self, label: &str) {
        self.wait_to(&format!("click into “{label}”"), || {
            self.click_found(&self.look("control", label, &Value::Null)?)
        });
    }

    /// Types where the focus is, key by key; [`super::keys`] has those without a character.
    #[track_caller]
    pub fn type_keys(&self, text: &str) {
        let strokes: Vec<Value> = keys::strokes(text)
            .into_iter()
            .map(|stroke| match stroke {
                Stroke::Down(key) => json!({ "type": "keyDown", "value": key }),
                Stroke::Up(key) => json!({ "type": "keyUp", "value": key }),
            })
            .collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": strokes });
        let outcome = self.try_post("actions", &json!({ "actions": [keyboard] }));
        self.do_once("type", outcome);
    }

    /// Pastes text where the focus is.
    #[track_caller]
    pub fn paste(&self, text: &str) {
        let outcome = self.look("paste", text, &Value::Null);
        self.do_once("paste", outcome);
    }

    /// Ticks a box or a radio button that may be ticked already.
    #[track_caller]
    pub fn check(&self, label: &str) {
        self.tick(label, true);
    }

    /// Takes the tick out of a box.
    #[track_caller]
    pub fn uncheck(&self, label: &str) {
        self.tick(label, false);
    }

    /// Chooses an option of a list, or of a group of boxes under a heading.
    #[track_caller]
    pub fn choose(&self, label: &str, option: &str) {
        let deed = format!("choose “{option}” for “{label}”");
        self.wait_to(&deed, || self.click_found(&self.look("choice", label, &json!(option))?));
        self.wait_to(&deed, || self.look("chosen", label, &json!(option)));
    }

    /// Gives a file to a file field.
    #[track_caller]
    pub fn attach(&self, label: &str, file: &Path) {
        self.wait_to(&format!("attach a file to “{label}”"), || {
            let found = self.look("file", label, &Value::Null)?;
            let element = Element::read(&found).ok_or("The field is gone.")?;
            let path = file.to_string_lossy();
            self.session().send_keys(&element, &path).map_err(super::told)
        });
    }

    /// What a field holds now: its text, the chosen option's words, or `true` and `false`.
    #[track_caller]
    pub fn value_of(&self, label: &str) -> String {
        let value = self.wait_to(&format!("read “{label}”"), || self.look("value", label, &Value::Null));
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a field holds exactly this.
    #[track_caller]
    pub fn holds(&self, label: &str, expected: &str) {
        self.wait_to(&format!("find “{expected}” in “{label}”"), || {
            match self.look("value", label, &Value::Null)? {
                value if value == json!(expected) => Ok(()),
                other => Err(format!("It holds {other}.")),
            }
        });
    }

    #[track_caller]
    fn tick(&self, label: &str, wanted: bool) {
        let deed = format!("{} “{label}”", if wanted { "tick" } else { "untick" });
        self.wait_to(&deed, || self.click_found(&self.look("tick", label, &json!(wanted))?));
        self.wait_to(&deed, || self.look("ticked", label, &json!(wanted)));
    }
}
