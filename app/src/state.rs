//! State that pages listen to: Leptos' signals and memos, with the type of what they hold kept apart
//! from the graph.
//!
//! Leptos makes its graph anew for every type that is held; here it holds one type, and only putting
//! in and taking out is made for each. Does not know what is held.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;

use reactive_graph::computed::Memo as Node;
use reactive_graph::effect::Effect;
use reactive_graph::owner::on_cleanup;
use reactive_graph::signal::RwSignal as Source;
use reactive_graph::traits::{Track as _, Update as _, With as _, WithUntracked as _};
use send_wrapper::SendWrapper;

/// What a signal holds; the browser runs the program in one thread.
#[derive(Clone)]
struct Held(SendWrapper<Rc<dyn Any>>);

/// What a memo holds.
#[derive(Clone)]
struct Found(SendWrapper<Rc<dyn Same>>);

trait Same {
    fn same(&self, other: &dyn Any) -> bool;
    fn any(&self) -> &dyn Any;
}

impl<T: PartialEq + 'static> Same for T {
    fn same(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<T>().is_some_and(|other| self == other)
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        (**self.0).same((**other.0).any())
    }
}

/// A value that can be set, and that whoever read it is told of.
pub struct RwSignal<T>(Source<Held>, PhantomData<fn() -> T>);

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: 'static> RwSignal<T> {
    /// Returns a signal that lives as long as the part of the page it was made in.
    pub fn new(value: T) -> Self {
        Self(source(Rc::new(RefCell::new(value))), PhantomData)
    }

    /// Looks at the value, and listens to it.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(&cell(&*heard(self.0)).borrow())
    }

    /// Looks at the value.
    pub fn with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(&cell(&*held(self.0).unwrap_or_else(gone)).borrow())
    }

    /// Looks at the value; `None` when its part of the page is gone.
    pub fn try_with_untracked<U>(self, look: impl FnOnce(&T) -> U) -> Option<U> {
        Some(look(&cell(&*held(self.0)?).borrow()))
    }

    /// Sets the value.
    pub fn set(self, value: T) {
        let _ = self.try_set(value);
    }

    /// Sets the value; gives it back when its part of the page is gone.
    pub fn try_set(self, value: T) -> Option<T> {
        let Some(held) = held(self.0) else { return Some(value) };
        cell(&*held).replace(value);
        tell(self.0);
        None
    }

    /// Changes the value.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        if let Some(held) = held(self.0) {
            change(&mut cell(&*held).borrow_mut());
            tell(self.0);
        }
    }

    /// Listens to the value.
    pub fn track(self) {
        self.0.track();
    }
}

impl<T: Clone + 'static> RwSignal<T> {
    /// Returns the value, and listens to it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// Returns the value.
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

/// A value that nobody is told of.
pub struct StoredValue<T>(RwSignal<T>);

impl<T> Clone for StoredValue<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StoredValue<T> {}

impl<T: 'static> StoredValue<T> {
    /// Returns a place that lives as long as the part of the page it was made in.
    pub fn new(value: T) -> Self {
        Self(RwSignal::new(value))
    }

    /// Looks at the value.
    pub fn with_value<U>(self, look: impl FnOnce(&T) -> U) -> U {
        self.0.with_untracked(look)
    }

    /// Changes the value; `None` when its part of the page is gone.
    pub fn try_update_value<U>(self, change: impl FnOnce(&mut T) -> U) -> Option<U> {
        Some(change(&mut cell(&*held(self.0.0)?).borrow_mut()))
    }

    /// Changes the value.
    pub fn update_value(self, change: impl FnOnce(&mut T)) {
        let _ = self.try_update_value(change);
    }

    /// Sets the value.
    pub fn set_value(self, value: T) {
        self.update_value(|held| *held = value);
    }
}

impl<T: Clone + 'static> StoredValue<T> {
    /// Returns the value.
    pub fn get_value(self) -> T {
        self.with_value(T::clone)
    }
}

/// Returns a place that outlives its part of the page: for words still on their way to the disk. Nothing
/// frees it; whoever is done takes out what is large.
pub fn outliving<T>(value: T) -> &'static RefCell<T> {
    Box::leak(Box::new(RefCell::new(value)))
}

/// A value found from others, told of only when it is another.
pub struct Memo<T>(Node<Found>, PhantomData<fn() -> T>);

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: PartialEq + 'static> Memo<T> {
    /// Returns a memo that lives as long as the part of the page it was made in.
    pub fn new(find: impl Fn() -> T + 'static) -> Self {
        Self(node(Box::new(move || Rc::new(find()))), PhantomData)
    }

    /// Looks at the value, and listens to it.
    pub fn with<U>(self, look: impl FnOnce(&T) -> U) -> U {
        look(value(&found(self.0)))
    }
}

impl<T: Clone + PartialEq + 'static> Memo<T> {
    /// Returns the value, and listens to it.
    pub fn get(self) -> T {
        self.with(T::clone)
    }
}

/// Runs now, and again whenever what it read changes, as long as the part of the page lives.
pub fn effect(run: impl Fn() + 'static) {
    repeat(Box::new(run));
}

/// Runs when the part of the page is left, which still stands then.
pub fn at_end(run: impl FnOnce() + 'static) {
    let run = SendWrapper::new(run);
    on_cleanup(move || run.take()());
}

/// Lets something run beside the page.
pub fn later(work: impl Future<Output = ()> + 'static) {
    run(Box::pin(work));
}

fn repeat(run: Box<dyn Fn()>) {
    Effect::new(move |_| run());
}

fn run(work: Pin<Box<dyn Future<Output = ()>>>) {
    wasm_bindgen_futures::spawn_local(work);
}

fn source(value: Rc<dyn Any>) -> Source<Held> {
    Source::new(Held(SendWrapper::new(value)))
}

fn node(find: Box<dyn Fn() -> Rc<dyn Same>>) -> Node<Found> {
    let find = SendWrapper::new(find);
    Node::new(move |_| Found(SendWrapper::new(find())))
}

fn heard(source: Source<Held>) -> Rc<dyn Any> {
    source.with(|held| Rc::clone(&held.0))
}

fn held(source: Source<Held>) -> Option<Rc<dyn Any>> {
    source.try_with_untracked(|held| Rc::clone(&held.0))
}

fn tell(source: Source<Held>) {
    source.update(|_| ());
}

fn found(node: Node<Found>) -> Found {
    node.with(Found::clone)
}

// Once for each type, not once for each look.
#[inline(never)]
fn value<T: 'static>(found: &Found) -> &T {
    (**found.0).any().downcast_ref().unwrap_or_else(gone)
}

#[inline(never)]
fn cell<T: 'static>(held: &dyn Any) -> &RefCell<T> {
    held.downcast_ref().unwrap_or_else(gone)
}

/// A signal of a part of the page that is gone was read: a mistake of ours.
fn gone<T>() -> T {
    wasm_bindgen::throw_str("a signal outlived its page")
}
