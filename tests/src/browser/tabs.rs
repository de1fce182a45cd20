//! Several tabs of one browser, numbered in the order in which they were opened.

use serde_json::{Value, json};

use super::{Browser, Engine};

impl Browser {
    /// Opens an empty tab, looks at it, and answers its number.
    #[track_caller]
    pub fn new_tab(&mut self) -> usize {
        let outcome = self.try_post("window/new", &json!({ "type": "tab" }));
        let answer = self.do_once("open a tab", outcome);
        let running = self.running();
        running.tabs.borrow_mut().push(handle(&answer["handle"]));
        let number = running.tabs.borrow().len() - 1;
        self.switch_tab(number);
        self.apply_tab_conditions();
        number
    }

    /// Looks at a tab; the first has the number 0.
    #[track_caller]
    pub fn switch_tab(&self, number: usize) {
        self.do_once("change tabs", self.try_switch_tab(number));
        if self.engine == Engine::Chromium {
            // Otherwise the page goes on as a hidden one.
            self.do_once("show the tab", self.cdp("Page.bringToFront", &json!({})));
        }
    }

    /// Closes the tab being looked at, and looks at the last one that is left.
    #[track_caller]
    pub fn close_tab(&self) {
        self.do_once("close the tab", self.session().delete("window"));
        let running = self.running();
        running.tabs.borrow_mut().remove(running.current.get());
        let left = running.tabs.borrow().len();
        assert!(left > 0, "The last tab was closed: kill the browser instead.");
        self.switch_tab(left - 1);
    }

    /// Does something in every tab and returns to the one looked at.
    pub(super) fn in_each_tab(&self, deed: impl Fn(&Self) -> Result<(), String>) -> Result<(), String> {
        let here = self.running().current.get();
        let count = self.running().tabs.borrow().len();
        for number in 0..count {
            self.try_switch_tab(number)?;
            deed(self)?;
        }
        self.try_switch_tab(here)
    }

    /// The driver's name for the tab being looked at.
    #[track_caller]
    pub(super) fn current_handle(&self) -> String {
        let running = self.running();
        running.tabs.borrow()[running.current.get()].clone()
    }

    #[track_caller]
    fn try_switch_tab(&self, number: usize) -> Result<(), String> {
        let running = self.running();
        let handle = running.tabs.borrow().get(number).cloned();
        let handle = handle.ok_or_else(|| format!("There is no tab {number}."))?;
        self.try_post("window", &json!({ "handle": handle }))?;
        running.current.set(number);
        Ok(())
    }
}

/// The name by which the driver knows a tab.
pub(super) fn handle(answer: &Value) -> String {
    answer.as_str().unwrap_or_default().to_owned()
}
