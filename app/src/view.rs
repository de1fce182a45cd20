//! What a page is made of: markup with holes, and what fills the holes.
//!
//! Leptos' reactive graph says when something is drawn anew; its own views, a type for every shape
//! of markup, would make the first load three times as large. Does not know what a page is about.

mod screen;

use std::borrow::Cow;
use std::rc::Rc;

use shared::ids::OpId;
use wasm_bindgen::JsCast;
use web_sys::Event;

use crate::state::RwSignal;
pub use markup::view;
pub use screen::show;

/// A piece of a page.
pub enum View {
    /// Nothing to be seen.
    Nothing,
    /// Words.
    Text(Cow<'static, str>),
    /// One element of markup with what fills its holes, in the order of the text.
    Sheet(&'static str, Vec<Hole>),
    /// Several pieces, one after the other.
    Many(Vec<View>),
    /// Drawn anew when what it reads changes.
    Live(Box<dyn Fn() -> View>),
    /// A piece for each key, which moves with its key and is never drawn twice.
    Keyed(Box<Keyed>),
}

/// What fills a hole.
pub enum Hole {
    /// The worth of an attribute or a property.
    Say(Worth),
    /// What is done when an event happens.
    Hear(Handler),
    /// What stands inside.
    Put(View),
    /// Where the element is handed out.
    Hold(Slot),
}

/// The worth of an attribute or a property.
pub enum Worth {
    /// Not there; as a property, false.
    Absent,
    /// There, without words; as a property, true.
    Present,
    /// These words.
    Text(Cow<'static, str>),
    /// Found out anew when what it reads changes.
    Live(Box<dyn Fn() -> Worth>),
}

/// See [`Hole::Hear`].
pub type Handler = Rc<dyn Fn(Event)>;

/// See [`View::Keyed`].
pub struct Keyed {
    keys: Box<dyn Fn() -> Vec<OpId>>,
    one: Box<dyn Fn(OpId) -> View>,
}

/// Where the page hands an element out, once it is there.
#[derive(Clone, Copy)]
pub struct Slot(RwSignal<Option<web_sys::Element>>);

impl Slot {
    /// Returns a slot with nothing in it yet.
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    /// Returns the element, and lets what reads it run again when it comes.
    pub fn get<E: JsCast>(self) -> Option<E> {
        self.0.get().and_then(|element| element.dyn_into().ok())
    }

    /// Returns the element; nothing before it is in the page, and after the page is gone.
    pub fn peek<E: JsCast>(self) -> Option<E> {
        self.0.try_with_untracked(Clone::clone).flatten().and_then(|element| element.dyn_into().ok())
    }

    fn hand_out(self, element: &web_sys::Element) {
        self.0.set(Some(element.clone()));
    }
}

/// Draws one element of markup: what `view!` makes.
pub fn sheet(markup: &'static str, holes: Vec<Hole>) -> View {
    View::Sheet(markup, holes)
}

/// Fills the hole of a listener.
pub fn hear(heard: impl Fn(Event) + 'static) -> Hole {
    Hole::Hear(Rc::new(heard))
}

/// Draws a piece for each key.
pub fn keyed(keys: impl Fn() -> Vec<OpId> + 'static, one: impl Fn(OpId) -> View + 'static) -> View {
    View::Keyed(Box::new(Keyed { keys: Box::new(keys), one: Box::new(one) }))
}

/// What can stand in a page.
pub trait Draw {
    /// Returns it as a piece of a page.
    fn draw(self) -> View;
}

/// What can be said of an element.
pub trait Say {
    /// Returns it as a worth.
    fn say(self) -> Worth;
}

/// Draws everything in a row.
pub trait CollectView {
    /// Returns the pieces as one.
    fn collect_view(self) -> View;
}

impl<V: Draw, I: IntoIterator<Item = V>> CollectView for I {
    fn collect_view(self) -> View {
        View::Many(self.into_iter().map(V::draw).collect())
    }
}

impl Draw for View {
    fn draw(self) -> View {
        self
    }
}

impl Draw for () {
    fn draw(self) -> View {
        View::Nothing
    }
}

impl Draw for &'static str {
    fn draw(self) -> View {
        View::Text(Cow::Borrowed(self))
    }
}

impl Draw for String {
    fn draw(self) -> View {
        View::Text(Cow::Owned(self))
    }
}

impl Draw for usize {
    fn draw(self) -> View {
        View::Text(Cow::Owned(self.to_string()))
    }
}

impl Draw for u32 {
    fn draw(self) -> View {
        (self as usize).draw()
    }
}

impl<V: Draw> Draw for Option<V> {
    fn draw(self) -> View {
        self.map_or(View::Nothing, V::draw)
    }
}

impl<V: Draw> Draw for Vec<V> {
    fn draw(self) -> View {
        self.collect_view()
    }
}

impl<V: Draw, F: Fn() -> V + 'static> Draw for F {
    fn draw(self) -> View {
        View::Live(Box::new(move || self().draw()))
    }
}

impl Say for bool {
    fn say(self) -> Worth {
        if self { Worth::Present } else { Worth::Absent }
    }
}

impl Say for &'static str {
    fn say(self) -> Worth {
        Worth::Text(Cow::Borrowed(self))
    }
}

impl Say for String {
    fn say(self) -> Worth {
        Worth::Text(Cow::Owned(self))
    }
}

impl<S: Say> Say for Option<S> {
    fn say(self) -> Worth {
        self.map_or(Worth::Absent, S::say)
    }
}

impl<S: Say, F: Fn() -> S + 'static> Say for F {
    fn say(self) -> Worth {
        Worth::Live(Box::new(move || self().say()))
    }
}
