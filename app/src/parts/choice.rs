//! One code of a list, any number of codes, and a tick.

use shared::form::{Field, ListKey};
use shared::letters::lowercase;
use shared::lists;
use shared::merge::register::Register;
use shared::op::{Body, Choose, Set};
use shared::value::{Target, Value};
use wasm_bindgen::JsValue;

use super::dom;
use super::file::{Open, anchor};
use crate::state::{Memo, RwSignal};
use crate::view::{CollectView, View, view};
use crate::words;

/// Up to so many codes all stand open; more go into a menu, or into a picker with a search.
const OPEN_MAX: usize = 6;
const TICKS_MAX: usize = 14;

/// Returns the codes with their words, countries and languages in the reader's alphabet.
pub fn options(list: ListKey) -> Vec<(&'static str, String)> {
    let mut options: Vec<_> = lists::codes(list).iter().map(|code| (*code, words::code(list, code))).collect();
    let by_name = matches!(list, ListKey::Country | ListKey::PartnerCountry | ListKey::WorkingLanguage);
    if by_name {
        let collator = dom::intl("Collator", &words::lang(), &js_sys::Object::new());
        let compare = |left: &str, right: &str| {
            let order =
                dom::call(&collator, "compare", &[JsValue::from(left), JsValue::from(right)]).as_f64().unwrap_or(0.0);
            order.total_cmp(&0.0)
        };
        options.sort_by(|(_, left), (_, right)| compare(left, right));
    }
    options
}

fn set(open: Open, target: Target, value: Value) {
    open.put(target, move |file| {
        let over = file.side(target.field).register(target).map(Register::heads).unwrap_or_default();
        Body::Set(Set { target, value, over })
    });
}

/// Draws a choice of one code.
pub fn choice(
    open: Open,
    field: &'static Field,
    list: ListKey,
    target: Target,
    described: String,
    enabled: Memo<bool>,
) -> View {
    let chosen = open.memo(move |file| file.answers.code(target).map(ToOwned::to_owned));
    let chosen = move || chosen.get().flatten().or_else(|| field.default.map(ToOwned::to_owned)).unwrap_or_default();
    let codes = options(list);
    if codes.len() > OPEN_MAX {
        let rows = codes
            .into_iter()
            .map(|(code, words)| view! { <option value=code selected=move || chosen() == code>{words}</option> });
        return view! {
            <select id=anchor(target) aria-describedby=described disabled=move || !enabled.get()
                on:change=move |event| {
                    let code = dom::typed(&event);
                    set(open, target, if code.is_empty() { Value::Empty } else { Value::Code(code) });
                }>
                <option value="" selected=move || chosen().is_empty()>{words::t("ui.field.choose")}</option>
                {rows.collect_view()}
            </select>
        };
    }
    let name = anchor(target);
    let rows = codes.into_iter().enumerate().map(|(index, (code, words))| {
        let id = if index == 0 { anchor(target) } else { format!("{}-{code}", anchor(target)) };
        view! {
            <label><input type="radio" id=id name=name.clone() disabled=move || !enabled.get()
                prop:checked=move || chosen() == code
                on:change=move |_| set(open, target, Value::Code(code.to_owned())) />{words}</label>
        }
    });
    view! { <div class="pick" aria-describedby=described>{rows.collect_view()}</div> }
}

/// Draws a tick.
pub fn flag(open: Open, target: Target, label: String, enabled: Memo<bool>) -> View {
    let ticked = open.memo(move |file| file.answers.ticked(target));
    view! {
        <div class="pick"><label><input type="checkbox" id=anchor(target) disabled=move || !enabled.get()
            prop:checked=move || ticked.get() == Some(true)
            on:change=move |event| set(open, target, Value::Flag(dom::ticked(&event))) /><span>{label}</span></label></div>
    }
}

/// Draws a choice of any number of codes.
pub fn choices(open: Open, list: ListKey, target: Target, described: String, enabled: Memo<bool>) -> View {
    let chosen = open.memo(move |file| file.answers.codes(target).to_vec());
    let holds = move |code: &str| {
        chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.iter().any(|one| one == code)))
    };
    let codes = options(list);
    let long = codes.len() > TICKS_MAX;
    let search = RwSignal::new(String::new());
    let rows = codes.into_iter().enumerate().map(|(index, (code, name))| {
        let id =
            if index == 0 && !long { anchor(target) } else { format!("{}-{}", anchor(target), code.replace('.', "_")) };
        let folded = lowercase(&name);
        let away = move || long && !search.with(|wanted| folded.contains(lowercase(wanted).trim()));
        view! {
            <label hidden=away><input type="checkbox" id=id disabled=move || !enabled.get()
                prop:checked=move || holds(code)
                on:change=move |event| tick(open, target, code, dom::ticked(&event)) /><span>{name}</span></label>
        }
    });
    let rows = rows.collect_view();
    if !long {
        return view! { <div class="pick" aria-describedby=described>{rows}</div> };
    }
    let so_far = move || {
        let names: Vec<String> = chosen.get().unwrap_or_default().iter().map(|code| words::code(list, code)).collect();
        names.into_iter().map(|name| view! { <span class="tag">{name}</span> }).collect_view()
    };
    view! {
        <p class="row">{so_far}</p>
        <div class="picker">
            <input type="search" id=anchor(target) aria-describedby=described placeholder=words::t("ui.field.search")
                aria-label=words::t("ui.field.search") prop:value=move || search.get()
                on:input=move |event| search.set(dom::typed(&event)) />
            <div class="pick">{rows}</div>
        </div>
    }
}

fn tick(open: Open, target: Target, code: &'static str, chosen: bool) {
    open.put(target, move |file| {
        let over = file.side(target.field).choices(target).map(|choices| choices.heads(code)).unwrap_or_default();
        Body::Choose(Choose { target, code: code.to_owned(), chosen, over })
    });
}
