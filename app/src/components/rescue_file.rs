//! Writing and reading the rescue file, as buttons.

use js_sys::{Function, Object, Reflect, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DomException, File, FileSystemFileHandle, FileSystemWritableFileStream, HtmlAnchorElement, Url};

use super::icon::Icon;
use crate::browser;
use crate::i18n::{I18n, use_i18n};
use crate::rescue::{Imported, export, file_name, import};
use crate::session::{Session, use_session};

/// What came of it, in words, and whether it is good news.
type Outcome = (bool, String);

/// Draws the two ways: out of this device, and into it.
#[component]
pub fn RescueFile() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let outcome = RwSignal::new(None::<Outcome>);
    let report = move |told: Outcome| drop(outcome.try_set(Some(told)));
    let save = move |_| {
        spawn_local(async move {
            if let Some(told) = save(session, i18n).await {
                report(told);
            }
        });
    };
    let pick = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        let file = input.files().and_then(|files| files.get(0));
        // Otherwise the browser says nothing when the same file is picked again.
        input.set_value("");
        if let Some(file) = file {
            spawn_local(async move {
                if let Some(told) = take_in(session, i18n, file).await {
                    report(told);
                }
            });
        }
    };
    view! {
        <p class="row gap-s">
            <button type="button" class="btn" on:click=save><Icon name="save"/>{i18n.text("ui.rescue.export")}</button>
            <label class="btn"><Icon name="open"/>{i18n.text("ui.rescue.import")}
                <input type="file" class="hide" accept=".relais" on:change=pick/></label>
        </p>
        <div role="status">{move || outcome.get().map(|(good, text)| {
            let (class, icon) = if good { ("st", "check") } else { ("st bad", "alert") };
            view! { <p class=class><Icon name=icon/><b>{text}</b></p> }
        })}</div>
    }
}

async fn save(session: Session, i18n: I18n) -> Option<Outcome> {
    let repository = session.repository()?;
    let now = browser::now_ms();
    let name = file_name(now);
    // Asked first: the browser lets a page ask only right after a tap.
    let place = ask_place(&name).await;
    if let Place::Declined = place {
        return Some((false, i18n.get("ui.rescue.not_saved")));
    }
    Some(match export(repository.store(), now).await {
        Ok(bytes) => keep(i18n, place, &name, &bytes).await,
        Err(error) => (false, failure(i18n, error.key())),
    })
}

async fn take_in(session: Session, i18n: I18n, file: File) -> Option<Outcome> {
    let repository = session.repository()?;
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let told = match import(repository.store(), &bytes).await {
        Ok(imported) => (true, taken(i18n, imported)),
        Err(error) => (false, failure(i18n, error.key())),
    };
    session.documents_changed();
    session.send_now();
    Some(told)
}

fn taken(i18n: I18n, imported: Imported) -> String {
    let known = if imported.known > 0 { i18n.count("ui.rescue.known", imported.known) } else { String::new() };
    [i18n.count("ui.rescue.taken", imported.taken), known, i18n.get("ui.rescue.again")].join(" ")
}

fn failure(i18n: I18n, key: &str) -> String {
    i18n.find(&format!("ui.rescue.error.{key}")).unwrap_or_else(|| i18n.get(&format!("ui.store.{key}")))
}

/// Where the file goes.
enum Place {
    /// Where the person chose.
    Chosen(FileSystemFileHandle),
    /// The person thought better of it.
    Declined,
    /// Where the browser keeps what it downloads: it does not ask.
    Downloads,
}

/// Lets the person choose where the file goes. Only some browsers ask, so that the call is looked up by name.
async fn ask_place(name: &str) -> Place {
    let window = browser::window();
    let picker = Reflect::get(&window, &"showSaveFilePicker".into());
    let Some(picker) = picker.ok().and_then(|picker| picker.dyn_into::<Function>().ok()) else {
        return Place::Downloads;
    };
    let options = Object::new();
    // Fails only for what is no object.
    let _ = Reflect::set(&options, &"suggestedName".into(), &name.into());
    let asked = picker.call1(&window, &options).map(|asked| asked.unchecked_into::<js_sys::Promise>());
    let answer = match asked {
        Ok(asked) => JsFuture::from(asked).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(chosen) => Place::Chosen(chosen.unchecked_into()),
        Err(error) if error.dyn_ref::<DomException>().is_some_and(|error| error.name() == "AbortError") => {
            Place::Declined
        }
        Err(_) => Place::Downloads,
    }
}

/// Writes the file, and says no more than is known: of what is handed to the browser to download, nobody learns
/// whether it was kept.
async fn keep(i18n: I18n, place: Place, name: &str, bytes: &[u8]) -> Outcome {
    let size = i18n.size(bytes.len() as f64);
    match place {
        Place::Chosen(file) => match write(&file, bytes).await {
            Ok(()) => (true, i18n.with("ui.rescue.saved", &[("name", &file.name()), ("size", &size)])),
            Err(_) => (false, i18n.get("ui.rescue.not_saved")),
        },
        Place::Declined => (false, i18n.get("ui.rescue.not_saved")),
        Place::Downloads => match download(name, bytes) {
            Ok(()) => (true, i18n.with("ui.rescue.handed", &[("name", name), ("size", &size)])),
            Err(_) => (false, i18n.get("ui.rescue.not_saved")),
        },
    }
}

async fn write(file: &FileSystemFileHandle, bytes: &[u8]) -> Result<(), JsValue> {
    let stream: FileSystemWritableFileStream = JsFuture::from(file.create_writable()).await?.unchecked_into();
    JsFuture::from(stream.write_with_u8_array(bytes)?).await?;
    JsFuture::from(stream.close()).await?;
    Ok(())
}

/// Hands bytes to the browser as a file to keep.
fn download(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let url = Url::create_object_url_with_blob(&Blob::new_with_u8_array_sequence(&parts)?)?;
    let link: HtmlAnchorElement = browser::document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Ok(())
}
