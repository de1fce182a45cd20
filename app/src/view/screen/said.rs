//! What is said of an element, in its attributes and properties: the browser is told of changes only.
//!
//! Does not know what stands in the element.

use std::borrow::Cow;

use reactive_graph::effect::RenderEffect;
use wasm_bindgen::JsValue;

use crate::view::Worth;

/// What is said of an element: its worth, kept so that the browser is told of changes only.
pub(super) struct Said {
    node: web_sys::Element,
    name: String,
    /// A property of the element in the page, not an attribute of the markup.
    property: bool,
    worth: SaidWorth,
}

enum SaidWorth {
    Absent,
    Present,
    Text(Cow<'static, str>),
    Live(#[expect(dead_code, reason = "held so that it goes on")] RenderEffect<()>),
}

impl Said {
    pub(super) fn mount(node: web_sys::Element, name: String, property: bool, worth: Worth) -> Self {
        let mut said = Self { node, name, property, worth: SaidWorth::Absent };
        said.tell(worth);
        said
    }

    fn tell(&mut self, worth: Worth) {
        self.worth = match worth {
            Worth::Live(find) => {
                let (node, name, property) = (self.node.clone(), self.name.clone(), self.property);
                SaidWorth::Live(RenderEffect::new(move |_| say(&node, &name, property, &find())))
            }
            fixed => {
                say(&self.node, &self.name, self.property, &fixed);
                match fixed {
                    Worth::Present => SaidWorth::Present,
                    Worth::Text(words) => SaidWorth::Text(words),
                    Worth::Absent | Worth::Live(_) => SaidWorth::Absent,
                }
            }
        };
    }

    pub(super) fn patch(&mut self, worth: Worth) {
        let same = match (&self.worth, &worth) {
            (SaidWorth::Absent, Worth::Absent) | (SaidWorth::Present, Worth::Present) => true,
            (SaidWorth::Text(old), Worth::Text(new)) => old == new,
            _ => false,
        };
        if !same {
            self.tell(worth);
        }
    }
}

fn say(node: &web_sys::Element, name: &str, property: bool, worth: &Worth) {
    if property {
        let value = match worth {
            Worth::Text(words) => JsValue::from_str(words),
            Worth::Present => JsValue::TRUE,
            Worth::Absent | Worth::Live(_) => JsValue::FALSE,
        };
        let _ = js_sys::Reflect::set(node, &name.into(), &value);
        return;
    }
    let _ = match worth {
        Worth::Text(words) => node.set_attribute(name, words),
        Worth::Present => node.set_attribute(name, ""),
        Worth::Absent | Worth::Live(_) => node.remove_attribute(name),
    };
}
