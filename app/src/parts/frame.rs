//! What stands around every page: header, where the work is, what must be said at once.

use reactive_graph::owner::expect_context;

use super::dom;
use super::icon::{icon, relay};
use crate::address::Address;
use crate::session::{Link, Session};
use crate::state::later;
use crate::view::{CollectView, View, view};
use crate::words::{self, Spoken};

/// Draws the header with its menu.
pub fn header() -> View {
    let session = Session::here();
    let path = Address::here().path;
    let staff = session.is_staff();
    let links: &[(&str, &str)] = match session.who.get_untracked() {
        None => &[],
        Some(_) if staff => {
            &[("/inbox", "ui.nav.inbox"), ("/device", "ui.nav.device"), ("/settings", "ui.nav.settings")]
        }
        Some(_) => &[("/", "ui.nav.files"), ("/device", "ui.nav.device"), ("/settings", "ui.nav.settings")],
    };
    let anchors = move || {
        links
            .iter()
            .map(|(href, key)| {
                let here = move || (path.get() == *href).then_some("page");
                view! { <a href=*href aria-current=here>{words::t(key)}</a> }
            })
            .collect_view()
    };
    let who = session.who.get_untracked().map(|who| match who.authority {
        Some(authority) => format!("{}, {}", who.name, authority.name),
        None => who.name,
    });
    view! {
        <a class="skip" href="#main" on:click=|event| { event.prevent_default(); dom::go_to("main"); }>{words::t("ui.skip")}</a>
        <header class="top"><div class="wrap">
            <a class="brand" href=if staff { "/inbox" } else { "/" }>{relay(0)}"Relais"{staff.then(|| view! { <span>{words::t("ui.office")}</span> })}</a>
            <nav class="wide" aria-label=words::t("ui.nav.label")>{anchors()}</nav>
            <span class="wide end small">{who}</span>
            {languages()}
            {(!links.is_empty()).then(|| view! {
                <details class="slim menu" prop:open=move || { path.get(); false }><summary>{words::t("ui.menu")}{icon("menu")}</summary><nav aria-label=words::t("ui.nav.label")>{anchors()}</nav></details>
            })}
        </div></header>
    }
}

/// Draws the switch of languages.
pub fn languages() -> View {
    let spoken = expect_context::<Spoken>();
    let buttons = words::LANGS.iter().map(|(lang, name)| {
        let chosen = move || if spoken.0.get() == *lang { "true" } else { "false" };
        view! { <button type="button" lang=*lang aria-label=*name aria-pressed=chosen
        on:click=move |_| later(async move { words::speak(spoken, lang).await; })>{lang.to_ascii_uppercase()}</button> }
    });
    view! { <span class="lang" role="group" aria-label=words::t("ui.settings.language")>{buttons.collect_view()}</span> }
}

/// Draws the line that always says where the work is.
pub fn where_line() -> View {
    let session = Session::here();
    let line = move || {
        let (leg, count) = match session.waiting() {
            None => (0, String::new()),
            Some(0) => (2, words::t("ui.where.all")),
            Some(unsent) => (1, words::count("ui.where.unsent", unsent)),
        };
        view! { {relay(leg)}<span role="status"><b>{count}</b>{connection(session)}</span>
        <svg class="i flip end" aria-hidden="true"><use href="#i-next"></use></svg> }
    };
    view! {
        <div class="where" role="region" aria-label=words::t("ui.where.label")><div class="wrap"><a href="/device">{line}</a></div></div>
    }
}

fn connection(session: Session) -> String {
    let key = match session.link.get() {
        Link::Unknown => "unknown",
        Link::Reached => "reached",
        Link::Away => "away",
        Link::SignedOut | Link::OtherPerson => "signed_out",
        Link::Impostor => "impostor",
        Link::Faulty => "faulty",
    };
    let said = words::t(&format!("ui.link.short.{key}"));
    match session.synced_ms.get() {
        0 => said,
        ms => format!("{said}, {}", words::with("ui.where.synced", &[("when", &words::moment(ms))])),
    }
}

/// Draws what the tool has to say at once; the gravest first.
pub fn notices() -> View {
    let session = Session::here();
    let notice = |class: &'static str, text: String, action: View| {
        view! { <div class=format!("notice {class}") role="alert"><div class="wrap">{icon("alert")}<p>{text}</p>{action}</div></div> }
    };
    let signed_in = move || session.who.with(Option::is_some);
    view! {
        {move || session.fault.get().map(|fault| notice("bad", fault, view! { <a class="btn" href="/device#rescue">{words::t("ui.rescue.offer")}</a> }))}
        {move || session.erased.get().then(|| notice("bad", words::t("ui.store.erased_before"), view! {
            <button type="button" class="btn plain" on:click=move |_| session.erased.set(false)>{words::t("ui.understood")}</button> }))}
        {move || (session.link.get() == Link::OtherPerson).then(|| notice("wait", words::t("ui.link.other_person"), View::Nothing))}
        {move || (session.link.get() == Link::Impostor).then(|| notice("wait", words::t("ui.link.impostor"), View::Nothing))}
        {move || (signed_in() && session.link.get() == Link::SignedOut).then(|| notice("wait", words::t("ui.link.signed_out"),
            view! { <a class="btn" href="/sign-in">{words::t("ui.door.again")}</a> }))}
        {move || session.update.get().map(|key| notice("wait", words::t(key), view! {
            <button type="button" class="btn" on:click=move |_| install(session)>{words::t("ui.update.install")}</button> }))}
    }
}

/// What is still in memory is written first; then the new version takes over, unless words could not be.
fn install(session: Session) {
    session.flush.update(|flush| *flush += 1);
    dom::after(600, move || {
        if session.has_unwritten() {
            session.update.set(Some("ui.update.later"));
        } else {
            dom::announce("relais:install");
        }
    });
}
