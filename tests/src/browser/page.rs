//! Moving around and looking: pages, buttons, links and the words on the screen.

use std::time::Duration;

use serde_json::{Value, json};

use super::driver::Element;
use super::{Browser, Engine};

/// The browser's side of the verbs.
const PAGE_SCRIPT: &str = include_str!("page.js");

impl Browser {
    /// Opens a path under the address given by [`Browser::at`], or a whole address.
    #[track_caller]
    pub fn open(&self, path: &str) {
        let url = match path.contains("://") || path.starts_with("about:") {
            true => path.to_owned(),
            false => format!("{}{path}", self.base),
        };
        let outcome = self.try_post("url", &json!({ "url": url }));
        self.do_once(&format!("open {url}"), outcome);
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&self) {
        // The driver's own command passes by the service worker in Firefox, which its F5 key does not.
        let outcome = match self.engine() {
            Engine::Firefox => self
                .try_script("window.before_reload = true; location.reload()", &[])
                .and_then(|_| super::waiting::until(self.patience, || self.is_loaded_again())),
            Engine::Chromium | Engine::WebKit => self.try_post("refresh", &json!({})).map(drop),
        };
        self.do_once("reload the page", outcome);
    }

    fn is_loaded_again(&self) -> Result<(), String> {
        let body = "return !window.before_reload && document.readyState === 'complete'";
        match self.try_script(body, &[])? {
            Value::Bool(true) => Ok(()),
            _ => Err("The page is still the one before.".to_owned()),
        }
    }

    /// Goes back one page.
    #[track_caller]
    pub fn go_back(&self) {
        let outcome = self.try_post("back", &json!({}));
        self.do_once("go back", outcome);
    }

    /// Waits until the address has exactly this path.
    #[track_caller]
    pub fn is_at(&self, path: &str) {
        self.wait_to(&format!("be at {path}"), || {
            let now = self.try_script("return location.pathname", &[])?;
            match now == json!(path) {
                true => Ok(()),
                false => Err(format!("The page is at {now}.")),
            }
        });
    }

    /// Clicks the button with these words on it.
    #[track_caller]
    pub fn press(&self, button: &str) {
        self.wait_to(&format!("press “{button}”"), || {
            self.click_found(&self.look("button", button, &Value::Null)?)
        });
    }

    /// Clicks the link with these words on it.
    #[track_caller]
    pub fn follow(&self, link: &str) {
        self.wait_to(&format!("follow “{link}”"), || self.click_found(&self.look("link", link, &Value::Null)?));
    }

    /// Does something inside the first element that fits a selector, where words stand for one thing.
    pub fn inside<T>(&self, selector: &str, deeds: impl FnOnce(&Self) -> T) -> T {
        let outer = self.scope.replace(Some(selector.to_owned()));
        let outcome = deeds(self);
        self.scope.replace(outer);
        outcome
    }

    /// Waits until the words are on the page, with any kind of spaces between them.
    #[track_caller]
    pub fn sees(&self, words: &str) {
        self.sees_within(self.patience, words);
    }

    /// Waits a shorter or longer time than usual for words.
    #[track_caller]
    pub fn sees_within(&self, limit: Duration, words: &str) {
        let outcome = super::waiting::until(limit, || match self.has(words)? {
            true => Ok(()),
            false => Err("The words are not there.".to_owned()),
        });
        self.do_once(&format!("see “{words}”"), outcome);
    }

    /// Waits until the words are not on the page; wait for what comes instead of them first.
    #[track_caller]
    pub fn does_not_see(&self, words: &str) {
        self.wait_to(&format!("no longer see “{words}”"), || match self.has(words)? {
            true => Err("The words are still there.".to_owned()),
            false => Ok(()),
        });
    }

    /// The words on the page now, as a person could read them.
    #[track_caller]
    pub fn text(&self) -> String {
        let outcome = self.look("text", "", &Value::Null);
        let text = self.do_once("read the page", outcome);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The name of what has the focus; empty when nothing has.
    #[track_caller]
    pub fn focused(&self) -> String {
        let outcome = self.look("focused", "", &Value::Null);
        let name = self.do_once("find the focus", outcome);
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the focus is on the thing of that name.
    #[track_caller]
    pub fn focus_is_on(&self, name: &str) {
        self.wait_to(&format!("have the focus on “{name}”"), || match self.look("focused", "", &Value::Null)? {
            found if found == json!(name) => Ok(()),
            other => Err(format!("The focus is on {other}.")),
        });
    }

    /// Runs the body of a function in the page; a promise is waited for.
    #[track_caller]
    pub fn script(&self, body: &str, arguments: &[Value]) -> Value {
        let outcome = self.try_script(body, arguments);
        self.do_once("run a script", outcome)
    }

    /// Waits until the body of a function in the page returns something true.
    #[track_caller]
    pub fn waits_for(&self, what: &str, body: &str, arguments: &[Value]) {
        self.wait_to(&format!("reach “{what}”"), || match self.try_script(body, arguments)? {
            Value::Null | Value::Bool(false) => Err("It is not so.".to_owned()),
            _ => Ok(()),
        });
    }

    pub(super) fn try_script(&self, body: &str, arguments: &[Value]) -> Result<Value, String> {
        let outcome = self.session().script(body, arguments);
        outcome.map_err(super::told)
    }

    /// Asks the page's script, and takes its `problem` for an error.
    pub(super) fn look(&self, verb: &str, words: &str, more: &Value) -> Result<Value, String> {
        self.look_at(verb, &json!(words), more)
    }

    pub(super) fn look_at(&self, verb: &str, words: &Value, more: &Value) -> Result<Value, String> {
        let scope = json!(*self.scope.borrow());
        let arguments = [json!(verb), scope, words.clone(), more.clone()];
        let answer = self.try_script(PAGE_SCRIPT, &arguments)?;
        match answer["problem"].as_str() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(answer["found"].clone()),
        }
    }

    /// Clicks what the page's script found; nothing found means nothing to do.
    pub(super) fn click_found(&self, found: &Value) -> Result<(), String> {
        match Element::read(found) {
            Some(element) => self.session().click(&element).map_err(super::told),
            None => Ok(()),
        }
    }

    fn has(&self, words: &str) -> Result<bool, String> {
        let text = self.look("text", "", &Value::Null)?;
        let wanted = words.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(text.as_str().unwrap_or_default().contains(&wanted))
    }
}
