//! A new request: one choice, then the task list. The authority's own data is filled in already.

use leptos::html::{Input, Select};
use leptos::prelude::{Set as _, *};
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::api::SignedIn;
use shared::form::ListKey;
use shared::forms::request;
use shared::ids::{DocumentId, OpId, Scope};
use shared::merge::position::between;
use shared::op::{AddItem, Body, Create, Set};
use shared::value::{FieldId, Target, Value};

use super::arrive;
use super::not_found::NotFound;
use crate::components::back_link::BackLink;
use crate::i18n::use_i18n;
use crate::session::{Session, use_session};

/// Draws the page.
#[component]
pub fn NewDocument() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let form = &request::FORM;
    let asked = use_params_map().with_untracked(|params| params.get("form"));
    // A request belongs to an authority, and staff have none.
    if session.is_staff() || asked.as_deref() != Some(form.key) {
        return view! { <NotFound/> }.into_any();
    }
    arrive(i18n.text("ui.home.new"));
    let kind = RwSignal::new("single".to_owned());
    let kinds = move || {
        let kinds = i18n.options(ListKey::RequestKind).into_iter().map(|(code, name)| {
            view! {
                <label><input type="radio" name="kind" prop:checked=move || kind.get() == code
                    on:change=move |_| kind.set(code.to_owned())/>{name}</label>
            }
        });
        kinds.collect_view()
    };
    let language = RwSignal::new(i18n.locale().to_owned());
    let languages = move || {
        let languages = i18n.options(ListKey::DocumentLanguage).into_iter().map(|(code, name)| {
            view! {
                <option value=code selected=move || language.get() == code>{name}</option>
            }
        });
        languages.collect_view()
    };
    let (title, select) = (NodeRef::<Input>::new(), NodeRef::<Select>::new());
    let busy = StoredValue::new(false);
    let navigate = use_navigate();
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // Pressed twice it is still one request.
        if busy.try_update_value(|busy| core::mem::replace(busy, true)) != Some(false) {
            return;
        }
        let title = title.get_untracked().map(|input| input.value()).unwrap_or_default();
        let language = select.get_untracked().map(|select| select.value()).unwrap_or_default();
        let navigate = navigate.clone();
        spawn_local(async move {
            let Some(who) = session.account.get_untracked() else { return };
            if let Some(id) = begin(session, who, kind.get_untracked(), title, language).await {
                navigate(&format!("/d/{id}"), Default::default());
            }
            let _ = busy.try_update_value(|busy| *busy = false);
        });
    };
    let label = move |key: &str| i18n.text(format!("form.{}.{key}.label", form.key));
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href="/" words=Signal::derive(i18n.text("ui.nav.files"))/>
            <h1>{i18n.text("ui.home.new")}</h1>
            <form class="measure" on:submit=create>
                <fieldset class="f"><legend>{label("kind")}</legend><div class="pick">{kinds}</div></fieldset>
                <div class="f"><label for="t">{label("title")}</label>
                    <p class="hint">{i18n.text("ui.new.title_hint")}</p>
                    <input id="t" node_ref=title dir="auto"/></div>
                <div class="f"><label for="l">{label("document_language")}</label>
                    <select id="l" node_ref=select on:change=move |event| language.set(event_target_value(&event))>{languages}</select></div>
                <p><button class="btn main">{i18n.text("ui.new.begin")}</button></p>
                <p class="small quiet gap-s">{i18n.text("ui.new.offline")}</p>
            </form>
        </main>
    }
    .into_any()
}

/// Creates the request with what was chosen, and with the authority of whoever writes it.
async fn begin(session: Session, who: SignedIn, kind: String, title: String, language: String) -> Option<DocumentId> {
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
