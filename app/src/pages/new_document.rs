//! A new document: what its form asks first, then the task list. What is known already is filled in.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::{use_navigate, use_params_map};
use shared::api::SignedIn;
use shared::form::opening::{first_item, opening};
use shared::form::{Field, FieldKind, Form, ListKey};
use shared::forms;
use shared::ids::{DocumentId, Scope};
use shared::permission::may_open;
use shared::value::{FieldId, Value};

use super::arrive;
use super::not_found::NotFound;
use crate::components::back_link::BackLink;
use crate::components::field::RADIOS_MAX;
use crate::i18n::use_i18n;
use crate::session::{Session, use_session};

/// What was answered so far.
type Given = RwSignal<BTreeMap<FieldId, Value>>;

/// Draws the page.
#[component]
pub fn NewDocument() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let key = use_params_map().with_untracked(|params| params.get("form")).unwrap_or_default();
    let may = |form: &&'static Form| {
        session.actor().is_some_and(|actor| actor.authority.is_some_and(|own| may_open(&actor, form, own)))
    };
    let Some(form) = forms::form_by_key(&key).filter(may) else { return view! { <NotFound/> }.into_any() };
    arrive(move || i18n.of_form(form, "new"));
    let fields = form.opening.asks.iter().filter_map(|id| form.field(*id));
    let given =
        Given::new(fields.clone().filter_map(|field| Some((field.id, preset(i18n.locale(), form, field)?))).collect());
    let asked = fields.map(|field| view! { <Asked form field given/> }).collect_view();
    let busy = StoredValue::new(false);
    let navigate = use_navigate();
    let create = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // Pressed twice it is still one document.
        if busy.try_update_value(|busy| core::mem::replace(busy, true)) != Some(false) {
            return;
        }
        let navigate = navigate.clone();
        spawn_local(async move {
            let Some(who) = session.account.get_untracked() else { return };
            if let Some(id) = begin(session, who, form, given.get_untracked()).await {
                navigate(&format!("/d/{id}"), Default::default());
            }
            let _ = busy.try_update_value(|busy| *busy = false);
        });
    };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <BackLink href="/" words=Signal::derive(i18n.text("ui.nav.files"))/>
            <h1>{move || i18n.of_form(form, "new")}</h1>
            <form class="measure" on:submit=create>
                {asked}
                <p><button class="btn main">{i18n.text("ui.new.begin")}</button></p>
                <p class="small quiet gap-s">{i18n.text("ui.new.offline")}</p>
            </form>
        </main>
    }
    .into_any()
}

/// Returns what stands in a field before anybody answers: what the form says, or the language of the screen.
fn preset(locale: &str, form: &Form, field: &Field) -> Option<Value> {
    let FieldKind::Choice { list } = field.kind else { return None };
    let preset = form.opening.presets.iter().find(|(id, _)| *id == field.id).map(|(_, code)| *code);
    let language = || Some(locale).filter(|_| list == ListKey::DocumentLanguage);
    let code = preset.or_else(language).filter(|code| shared::lists::holds(list, code))?;
    Some(Value::Code(code.to_owned()))
}

/// Draws one question.
#[component]
fn Asked(form: &'static Form, field: &'static Field, given: Given) -> impl IntoView {
    let i18n = use_i18n();
    let id = field.id;
    let name = format!("n{}", id.0);
    let label = move || i18n.label(form, field);
    let put = move |value: Value| given.update(|given| drop(given.insert(id, value)));
    let is =
        move |code: &str| given.with(|given| matches!(given.get(&id), Some(Value::Code(chosen)) if chosen == code));
    match field.kind {
        FieldKind::Choice { list } if shared::lists::codes(list).len() <= RADIOS_MAX => {
            let group = name.clone();
            let codes = move || {
                let codes = i18n.options(list).into_iter().map(|(code, words)| {
                    let group = group.clone();
                    view! {
                        <label><input type="radio" name=group prop:checked=move || is(code)
                            on:change=move |_| put(Value::Code(code.to_owned()))/>{words}</label>
                    }
                });
                codes.collect_view()
            };
            view! { <fieldset class="f"><legend>{label}</legend><div class="pick">{codes}</div></fieldset> }.into_any()
        }
        FieldKind::Choice { list } => {
            let codes = move || {
                let codes = i18n.options(list).into_iter().map(|(code, words)| {
                    view! { <option value=code selected=move || is(code)>{words}</option> }
                });
                codes.collect_view()
            };
            view! {
                <div class="f"><label for=name.clone()>{label}</label>
                    <select id=name on:change=move |event| put(Value::Code(event_target_value(&event)))>
                        <option value="">{i18n.text("ui.field.choose")}</option>{codes}</select></div>
            }
            .into_any()
        }
        _ => {
            let hint = move || i18n.find(&format!("form.{}.{}.new", form.key, field.key));
            let hint_id = format!("{name}-h");
            view! {
                <div class="f"><label for=name.clone()>{label}</label>
                    <p class="hint" id=hint_id.clone() hidden=move || hint().is_none()>{hint}</p>
                    <input id=name dir="auto" aria-describedby=hint_id on:input=move |event| put(Value::Text(event_target_value(&event)))/></div>
            }
            .into_any()
        }
    }
}

/// Creates the document with what was answered, and with the authority of whoever writes it.
async fn begin(session: Session, who: SignedIn, form: &Form, given: BTreeMap<FieldId, Value>) -> Option<DocumentId> {
    let id = Session::new_document();
    let scope = Scope::shared(id);
    let card = who.authority?;
    let answers = form.opening.asks.iter().filter_map(|field| Some((*field, given.get(field)?.clone())));
    let bodies = opening(form, &card, answers.collect());
    let ops = session.write(bodies.into_iter().map(|body| (scope, body)).collect()).await?;
    let facts = ops.last().map(|op| first_item(form, &card, op.id)).unwrap_or_default();
    if !facts.is_empty() {
        // Should they not be written, the document is there all the same, and they can be filled in.
        session.write(facts.into_iter().map(|body| (scope, body)).collect()).await;
    }
    Some(id)
}
