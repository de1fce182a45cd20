//! Writing and reading the rescue file, as buttons.

use app::rescue::{Imported, export, file_name, import};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Event;

use super::Session;
use crate::parts::dom;
use crate::parts::icon::icon;
use crate::state::{RwSignal, later};
use crate::view::{View, view};
use crate::words;

/// Draws the two ways: out of this device, and into it.
pub fn rescue_controls(session: Session) -> View {
    let said = RwSignal::new(None::<(bool, String)>);
    let save = move |_| later(save(session, said));
    let pick = move |event: Event| {
        let Some(input) = event.target() else { return };
        let file = dom::get(&dom::get(&input, "files"), "0");
        // Otherwise the browser says nothing when the same file is picked again.
        let _ = Reflect::set(&input, &"value".into(), &"".into());
        if !file.is_undefined() && !file.is_null() {
            later(take_in(session, file, said));
        }
    };
    view! {
        <p class="row gap-s">
            <button type="button" class="btn" on:click=save>{icon("save")}{words::t("ui.rescue.export")}</button>
            <label class="btn">{icon("open")}{words::t("ui.rescue.import")}
                <input type="file" class="hide" accept=".relais" on:change=pick /></label>
        </p>
        <div role="status">{move || said.get().map(|(good, text)| {
            let class = if good { "st" } else { "st bad" };
            view! { <p class=class>{icon(if good { "check" } else { "alert" })}<b>{text}</b></p> }
        })}</div>
    }
}

async fn save(session: Session, said: RwSignal<Option<(bool, String)>>) {
    let Some(desk) = session.desk() else { return };
    let now = dom::now_ms();
    let name = file_name(now);
    // Asked first: the browser lets a page ask only right after a tap.
    let told = match place(&name).await {
        Some(place) if place.is_null() => (false, words::t("ui.rescue.not_saved")),
        place => match export(desk.store(), now).await {
            Ok(bytes) => keep(place, &name, &bytes).await,
            Err(error) => (false, failure(error.key())),
        },
    };
    let _ = said.try_set(Some(told));
}

async fn take_in(session: Session, file: JsValue, said: RwSignal<Option<(bool, String)>>) {
    let (Some(desk), Some(buffer)) = (session.desk(), dom::call_later(&file, "arrayBuffer", &[]).await) else { return };
    let bytes = Uint8Array::new(&buffer).to_vec();
    let told = match import(desk.store(), &bytes).await {
        Ok(imported) => (true, taken(imported)),
        Err(error) => (false, failure(error.key())),
    };
    let _ = said.try_set(Some(told));
    session.changed();
    super::send_now(session);
}

fn taken(imported: Imported) -> String {
    let known = if imported.known > 0 { words::count("ui.rescue.known", imported.known) } else { String::new() };
    [words::count("ui.rescue.taken", imported.taken), known, words::t("ui.rescue.again")].join(" ")
}

fn failure(key: &str) -> String {
    words::find(&format!("ui.rescue.error.{key}")).unwrap_or_else(|| words::t(&format!("ui.store.{key}")))
}

/// Lets the person choose where the file goes: null if they think better of it, `None` where the
/// browser does not ask.
async fn place(name: &str) -> Option<JsValue> {
    let options = Object::new();
    let _ = Reflect::set(&options, &"suggestedName".into(), &name.into());
    let asked: Promise = dom::call(&dom::window(), "showSaveFilePicker", &[options.into()]).dyn_into().ok()?;
    match JsFuture::from(asked).await {
        Err(error) if dom::get(&error, "name") != "AbortError" => None,
        chosen => Some(chosen.unwrap_or(JsValue::NULL)),
    }
}

/// Writes the file, and says no more than is known: of what is handed to the browser to download,
/// nobody learns whether it was kept.
async fn keep(place: Option<JsValue>, name: &str, bytes: &[u8]) -> (bool, String) {
    let size = words::size(bytes.len() as f64);
    let Some(file) = place else {
        download(name, bytes);
        return (true, words::with("ui.rescue.handed", &[("name", name), ("size", &size)]));
    };
    let writing = dom::call_later(&file, "createWritable", &[]).await.unwrap_or_default();
    let written = dom::call_later(&writing, "write", &[Uint8Array::from(bytes).into()]).await;
    if written.is_none() || dom::call_later(&writing, "close", &[]).await.is_none() {
        return (false, words::t("ui.rescue.not_saved"));
    }
    let name = dom::get(&file, "name").as_string().unwrap_or_default();
    (true, words::with("ui.rescue.saved", &[("name", &name), ("size", &size)]))
}

/// Hands bytes to the browser as a file to keep.
fn download(name: &str, bytes: &[u8]) {
    let window = dom::window();
    let construct = |kind: &str, list: &Array| {
        let constructor: Function = dom::get(&window, kind).unchecked_into();
        Reflect::construct(&constructor, list).unwrap_or(JsValue::UNDEFINED)
    };
    let blob = construct("Blob", &Array::of1(&Array::of1(&Uint8Array::from(bytes))));
    let url = dom::call(&dom::get(&window, "URL"), "createObjectURL", &[blob]);
    let link = dom::call(&dom::get(&window, "document"), "createElement", &["a".into()]);
    let _ = Reflect::set(&link, &"href".into(), &url);
    let _ = Reflect::set(&link, &"download".into(), &name.into());
    dom::call(&link, "click", &[]);
}
