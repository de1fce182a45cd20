//! Brings a `View` on screen, and keeps what is there true with as few changes as can be: an element
//! that stays an element of the same kind keeps its place, its focus and what was typed in it.
//!
//! Knows nodes, the reactive graph and the words of messages, and nothing of pages.

mod said;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use reactive_graph::effect::RenderEffect;
use reactive_graph::owner::Owner;
use shared::ids::OpId;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, Node};

use self::said::Said;
use super::{Handler, Hole, Keyed, View};
use crate::parts::dom;
use crate::words;

/// The attribute by which `view!` names the holes of an element.
const HOLES: &str = "h";

/// Draws a view into `root` and leaves it there for as long as the page lives.
pub fn show(root: &web_sys::Element, view: View) {
    core::mem::forget(Shown::mount(view, root, None));
}

/// A view that is on screen. Dropping it stops what keeps it true; its nodes stay until `remove`.
enum Shown {
    Nothing(Node),
    Text(Node, Cow<'static, str>),
    Sheet(Box<ShownSheet>),
    Many(Vec<Shown>, Node),
    Live(Content, RenderEffect<()>, Node),
    Keyed(Rc<RefCell<Vec<Row>>>, #[expect(dead_code, reason = "held so that it goes on")] RenderEffect<()>, Node),
}

type Content = Rc<RefCell<Option<Shown>>>;

struct ShownSheet {
    markup: &'static str,
    node: web_sys::Element,
    holes: Vec<ShownHole>,
    /// The words that never change but with the language, and the one they are in.
    fixed: Vec<Fixed>,
    lang: String,
}

/// Words of a message: in an attribute, or as text.
struct Fixed {
    node: Node,
    attribute: Option<String>,
    key: String,
}

impl Fixed {
    fn say(&self) {
        let words = words::t(&self.key);
        match &self.attribute {
            Some(name) => drop(self.node.unchecked_ref::<web_sys::Element>().set_attribute(name, &words)),
            None => self.node.set_text_content(Some(&words)),
        }
    }
}

enum ShownHole {
    Said(Said),
    Heard(Rc<RefCell<Handler>>, #[expect(dead_code, reason = "held so that it can be called")] Closure<dyn Fn(Event)>),
    Put(Shown),
    Held(web_sys::Element),
}

/// One piece of a keyed list; its owner keeps its signals alive while the list is drawn anew.
struct Row {
    key: OpId,
    shown: Shown,
    owner: Owner,
}

impl Shown {
    fn mount(view: View, parent: &Node, before: Option<&Node>) -> Self {
        match view {
            View::Nothing => Self::Nothing(place(mark(), parent, before)),
            View::Text(words) => Self::Text(place(text(&words), parent, before), words),
            View::Sheet(markup, holes) => Self::Sheet(Box::new(ShownSheet::mount(markup, holes, parent, before))),
            View::Many(pieces) => {
                let end = place(mark(), parent, before);
                let pieces = pieces.into_iter().map(|piece| Self::mount(piece, parent, Some(&end))).collect();
                Self::Many(pieces, end)
            }
            View::Live(draw) => {
                let end = place(mark(), parent, before);
                let content = Content::default();
                Self::Live(content.clone(), live(draw, content, end.clone()), end)
            }
            View::Keyed(keyed) => {
                let end = place(mark(), parent, before);
                let rows = Rc::new(RefCell::new(Vec::new()));
                Self::Keyed(rows.clone(), follow(*keyed, rows, end.clone()), end)
            }
        }
    }

    /// Makes what is on screen look like `view`.
    fn patch(&mut self, view: View) {
        let view = match (&mut *self, view) {
            (Self::Nothing(_), View::Nothing) => return,
            (Self::Text(node, words), View::Text(new)) => {
                if *words != new {
                    node.set_text_content(Some(&new));
                    *words = new;
                }
                return;
            }
            (Self::Sheet(shown), View::Sheet(markup, holes)) if shown.markup == markup => return shown.patch(holes),
            (Self::Many(shown, end), View::Many(pieces)) => return patch_pieces(shown, pieces, end),
            (Self::Live(content, effect, end), View::Live(draw)) => {
                *effect = live(draw, content.clone(), end.clone());
                return;
            }
            (_, view) => view,
        };
        let last = self.last();
        let Some(parent) = last.parent_node() else { return };
        let new = Self::mount(view, &parent, Some(&last));
        // The old nodes leave while their listeners still live: a browser tells a field that it lost the focus.
        self.remove();
        *self = new;
    }

    /// The last node of it, before which a successor can be put.
    fn last(&self) -> Node {
        match self {
            Self::Nothing(node) | Self::Text(node, _) => node.clone(),
            Self::Sheet(shown) => shown.node.clone().into(),
            Self::Many(_, end) | Self::Live(_, _, end) | Self::Keyed(_, _, end) => end.clone(),
        }
    }

    fn remove(&self) {
        self.each_node(&mut |node| {
            if let Some(parent) = node.parent_node() {
                let _ = parent.remove_child(node);
            }
        });
    }

    /// Calls `with` for every outermost node, in order.
    fn each_node(&self, with: &mut dyn FnMut(&Node)) {
        match self {
            Self::Nothing(node) | Self::Text(node, _) => with(node),
            Self::Sheet(shown) => with(&shown.node),
            Self::Many(pieces, end) => {
                pieces.iter().for_each(|piece| piece.each_node(with));
                with(end);
            }
            Self::Live(content, _, end) => {
                if let Some(shown) = &*content.borrow() {
                    shown.each_node(with);
                }
                with(end);
            }
            Self::Keyed(rows, _, end) => {
                rows.borrow().iter().for_each(|row| row.shown.each_node(with));
                with(end);
            }
        }
    }
}

impl ShownSheet {
    fn mount(markup: &'static str, holes: Vec<Hole>, parent: &Node, before: Option<&Node>) -> Self {
        let node = copy(markup);
        let mut holes = holes.into_iter();
        let mut filled = Filled { holes: Vec::with_capacity(holes.len()), fixed: Vec::new() };
        fill(&node, &mut holes, &mut filled);
        filled.fixed.iter().for_each(Fixed::say);
        place(node.clone().into(), parent, before);
        Self { markup, node, holes: filled.holes, fixed: filled.fixed, lang: words::lang() }
    }

    fn patch(&mut self, holes: Vec<Hole>) {
        let lang = words::lang();
        if self.lang != lang {
            self.fixed.iter().for_each(Fixed::say);
            self.lang = lang;
        }
        for (filled, hole) in self.holes.iter_mut().zip(holes) {
            match (filled, hole) {
                (ShownHole::Said(said), Hole::Say(worth)) => said.patch(worth),
                (ShownHole::Heard(handler, _), Hole::Hear(new)) => *handler.borrow_mut() = new,
                (ShownHole::Put(shown), Hole::Put(view)) => shown.patch(view),
                (ShownHole::Held(element), Hole::Hold(slot)) => slot.hand_out(element),
                _ => {}
            }
        }
    }
}

struct Filled {
    holes: Vec<ShownHole>,
    fixed: Vec<Fixed>,
}

/// Fills the holes of an element and of what stands in it, in the order of the text.
fn fill(element: &web_sys::Element, holes: &mut std::vec::IntoIter<Hole>, filled: &mut Filled) {
    if let Some(names) = element.get_attribute(HOLES) {
        let _ = element.remove_attribute(HOLES);
        for name in names.split(' ') {
            match name.split_once('=') {
                Some((name, key)) => {
                    let (node, attribute) = (element.clone().into(), Some(name.to_owned()));
                    filled.fixed.push(Fixed { node, attribute, key: key.to_owned() });
                }
                None => filled.holes.extend(holes.next().map(|hole| fill_one(element, name, hole))),
            }
        }
    }
    let mut next = element.first_child();
    while let Some(child) = next {
        // Asked before anything is put in front of it.
        next = child.next_sibling();
        match child.node_type() {
            Node::ELEMENT_NODE => fill(child.unchecked_ref(), holes, filled),
            Node::COMMENT_NODE => {
                match child.node_value().filter(|key| !key.is_empty()) {
                    Some(key) => {
                        let node = place(mark(), element, Some(&child));
                        filled.fixed.push(Fixed { node, attribute: None, key });
                    }
                    None => {
                        if let Some(Hole::Put(view)) = holes.next() {
                            filled.holes.push(ShownHole::Put(Shown::mount(view, element, Some(&child))));
                        }
                    }
                }
                let _ = element.remove_child(&child);
            }
            _ => {}
        }
    }
}

fn fill_one(element: &web_sys::Element, name: &str, hole: Hole) -> ShownHole {
    match hole {
        Hole::Say(worth) => {
            let (property, name) = name.strip_prefix('.').map_or((false, name), |name| (true, name));
            ShownHole::Said(Said::mount(element.clone(), name.to_owned(), property, worth))
        }
        Hole::Hear(handler) => {
            let handler = Rc::new(RefCell::new(handler));
            let now = handler.clone();
            let called = Closure::<dyn Fn(Event)>::new(move |event| {
                // Not held while it runs: it may put another in its place.
                let handler = now.borrow().clone();
                handler(event);
            });
            let event = name.trim_start_matches('@');
            let _ = element.add_event_listener_with_callback(event, called.as_ref().unchecked_ref());
            ShownHole::Heard(handler, called)
        }
        Hole::Hold(slot) => {
            slot.hand_out(element);
            ShownHole::Held(element.clone())
        }
        // An attribute is never filled with a piece of a page: `view!` makes no such hole.
        Hole::Put(_) => ShownHole::Held(element.clone()),
    }
}

/// Draws what stands before `end`, now and whenever what it read changes.
fn live(draw: Box<dyn Fn() -> View>, content: Content, end: Node) -> RenderEffect<()> {
    RenderEffect::new(move |_| {
        let view = draw();
        let mut content = content.borrow_mut();
        match (&mut *content, end.parent_node()) {
            (Some(shown), _) => shown.patch(view),
            (empty, Some(parent)) => *empty = Some(Shown::mount(view, &parent, Some(&end))),
            (_, None) => {}
        }
    })
}

fn patch_pieces(shown: &mut Vec<Shown>, pieces: Vec<View>, end: &Node) {
    for gone in shown.drain(pieces.len().min(shown.len())..) {
        gone.remove();
    }
    let Some(parent) = end.parent_node() else { return };
    for (index, piece) in pieces.into_iter().enumerate() {
        match shown.get_mut(index) {
            Some(old) => old.patch(piece),
            None => shown.push(Shown::mount(piece, &parent, Some(end))),
        }
    }
}

/// Keeps a row for each key, in the order of the keys.
fn follow(keyed: Keyed, rows: Rc<RefCell<Vec<Row>>>, end: Node) -> RenderEffect<()> {
    let outside = Owner::current();
    RenderEffect::new(move |_| {
        let keys = (keyed.keys)();
        let Some(parent) = end.parent_node() else { return };
        let mut rows = rows.borrow_mut();
        let mut old: Vec<Row> = core::mem::take(&mut *rows);
        for key in keys {
            let row = match old.iter().position(|row| row.key == key) {
                Some(at) => old.swap_remove(at),
                None => {
                    let owner = outside.as_ref().map_or_else(Owner::new, |outside| outside.with(Owner::new));
                    let shown = owner.with(|| Shown::mount((keyed.one)(key), &parent, Some(&end)));
                    Row { key, shown, owner }
                }
            };
            rows.push(row);
        }
        for gone in old {
            gone.shown.remove();
            gone.owner.cleanup();
        }
        // From the end: what stands in its place already is not touched, and keeps the focus.
        let mut next = end.clone();
        for row in rows.iter().rev() {
            let mut nodes = Vec::new();
            row.shown.each_node(&mut |node| nodes.push(node.clone()));
            for node in nodes.into_iter().rev() {
                if node.next_sibling().as_ref() != Some(&next) {
                    let _ = parent.insert_before(&node, Some(&next));
                }
                next = node;
            }
        }
    })
}

fn place(node: Node, parent: &Node, before: Option<&Node>) -> Node {
    let _ = parent.insert_before(&node, before);
    node
}

/// A node nobody sees, to know a place by.
fn mark() -> Node {
    text("")
}

fn text(words: &str) -> Node {
    document().create_text_node(words).into()
}

/// Returns a fresh element of this markup. The browser reads each markup once.
fn copy(markup: &'static str) -> web_sys::Element {
    thread_local! {
        static READ: RefCell<Vec<(&'static str, Node)>> = const { RefCell::new(Vec::new()) };
    }
    let read = READ.with_borrow(|read| read.iter().find(|(known, _)| *known == markup).map(|(_, node)| node.clone()));
    let master = read.unwrap_or_else(|| {
        let template = dom::call(&document(), "createElement", &["template".into()]);
        let _ = js_sys::Reflect::set(&template, &"innerHTML".into(), &markup.into());
        let node: Node = dom::get(&dom::get(&template, "content"), "firstChild").unchecked_into();
        READ.with_borrow_mut(|read| read.push((markup, node.clone())));
        node
    });
    dom::call(&document(), "importNode", &[master.into(), true.into()]).unchecked_into()
}

fn document() -> web_sys::Document {
    thread_local! {
        static DOCUMENT: web_sys::Document = dom::get(&dom::window(), "document").unchecked_into();
    }
    DOCUMENT.with(Clone::clone)
}
