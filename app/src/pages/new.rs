//! A new request: one choice, then the task list. The authority's own data is filled in already.

use shared::forms::request;
use shared::ids::{OpId, Scope};
use shared::merge::position::between;
use shared::op::{AddItem, Body, Create, Set};
use shared::value::{FieldId, Target, Value};
use web_sys::Event;

use super::{back, titled};
use crate::address::Address;
use crate::parts::choice::options;
use crate::parts::dom;
use crate::session::Session;
use crate::state::{RwSignal, StoredValue, later};
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the page.
pub fn new() -> View {
    let session = Session::here();
    // A request belongs to an authority, and staff have none.
    if session.is_staff() {
        return super::home::lost();
    }
    titled(&words::t("ui.home.new"));
    let kind = RwSignal::new("single".to_owned());
    let kinds = options(shared::form::ListKey::RequestKind).into_iter().map(|(code, name)| view! {
        <label><input type="radio" name="kind" prop:checked=move || kind.get() == code on:change=move |_| kind.set(code.to_owned()) />{name}</label> }).collect_view();
    let languages = options(shared::form::ListKey::DocumentLanguage)
        .into_iter()
        .map(|(code, name)| {
            let selected = code == words::lang();
            view! { <option value=code selected=selected>{name}</option> }
        })
        .collect_view();
    let busy = StoredValue::new(false);
    let create = move |event: Event| {
        event.prevent_default();
        // Pressed twice it is still one request.
        if busy.try_update_value(|busy| core::mem::replace(busy, true)) != Some(false) {
            return;
        }
        later(async move {
            let (title, language) = (dom::value_of("t"), dom::value_of("l"));
            if let Some(id) = begin(session, kind.get_untracked(), title, language).await {
                Address::here().go(&format!("/requests/{id}"));
            }
            busy.set_value(false);
        });
    };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            {back("/".to_owned(), words::t("ui.nav.files"))}
            <h1>{words::t("ui.home.new")}</h1>
            <form class="measure" on:submit=create>
                <fieldset class="f"><legend>{words::t("form.request.kind.label")}</legend><div class="pick">{kinds}</div></fieldset>
                <div class="f"><label for="t">{words::t("form.request.title.label")}</label>
                    <p class="hint">{words::t("ui.new.title_hint")}</p>
                    <input id="t" dir="auto" /></div>
                <div class="f"><label for="l">{words::t("form.request.document_language.label")}</label>
                    <select id="l">{languages}</select></div>
                <p><button class="btn main">{words::t("ui.new.begin")}</button></p>
                <p class="small quiet gap-s">{words::t("ui.new.offline")}</p>
            </form>
        </main>
    }
}

async fn begin(session: Session, kind: String, title: String, language: String) -> Option<shared::ids::DocumentId> {
    let who = session.who.get_untracked()?;
    let id = Session::new_document();
    let scope = Scope::shared(id);
    let card = who.authority?;
    let create = Create { form: request::FORM.id, form_version: request::FORM.version, authority: card.id };
    let mut bodies = vec![
        Body::Create(create),
        set(None, request::KIND, Value::Code(kind)),
        set(None, request::DOCUMENT_LANGUAGE, Value::Code(language)),
    ];
    if !title.trim().is_empty() {
        bodies.push(set(None, request::TITLE, Value::Text(title)));
    }
    bodies.push(Body::AddItem(AddItem { field: request::AUTHORITIES, position: between(None, None) }));
    let ops = session.write(bodies.into_iter().map(|body| (scope, body)).collect()).await?;
    let item = ops.last().map(|op| op.id);
    let facts = vec![
        set(item, request::AUTHORITY_NAME, Value::Text(card.name)),
        set(item, request::AUTHORITY_TYPE, Value::Code(card.kind)),
        set(item, request::AUTHORITY_COUNTRY, Value::Code(card.country)),
        set(item, request::AUTHORITY_ROLE, Value::Code(request::ROLE_LEAD.to_owned())),
    ];
    session.write(facts.into_iter().map(|body| (scope, body)).collect()).await?;
    Some(id)
}

fn set(item: Option<OpId>, field: FieldId, value: Value) -> Body {
    Body::Set(Set { target: Target { field, item }, value, over: Vec::new() })
}
