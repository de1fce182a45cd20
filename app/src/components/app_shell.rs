//! What stands around every page: header, where the work is, what must be said at once.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use super::icon::{Icon, Leg, RelayMark};
use crate::browser;
use crate::i18n::{LOCALES, use_i18n};
use crate::session::{Link, PendingUpdate, Session, sign_in_address, use_session};

/// After so long what was still in memory is on the disk, or is not going to be soon, in milliseconds.
const FLUSH_MS: u32 = 600;

/// A link of the menu: its address and the key of its words.
type MenuItem = (&'static str, &'static str);

const PARTNER_MENU: &[MenuItem] =
    &[("/", "ui.nav.files"), ("/device", "ui.nav.device"), ("/settings", "ui.nav.settings")];
const STAFF_MENU: &[MenuItem] =
    &[("/inbox", "ui.nav.inbox"), ("/device", "ui.nav.device"), ("/settings", "ui.nav.settings")];

/// Draws header, notices and the line that says where the work is, with the page below.
#[component]
pub fn AppShell(children: Children) -> impl IntoView {
    let session = use_session();
    let signed_in = session.account.with_untracked(Option::is_some);
    let class = if session.is_staff() { "office" } else { "" };
    view! {
        <div class=class>
            <Header/>
            <Notices/>
            {signed_in.then(|| view! { <StatusLine/> })}
            {children()}
        </div>
    }
}

#[component]
fn Header() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let staff = session.is_staff();
    let account = session.account.get_untracked();
    let menu = match (&account, staff) {
        (None, _) => &[],
        (Some(_), true) => STAFF_MENU,
        (Some(_), false) => PARTNER_MENU,
    };
    let who = account.map(|who| match who.authority {
        Some(authority) => format!("{}, {}", who.name, authority.name),
        None => who.name,
    });
    let path = use_location().pathname;
    let skip = |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        browser::go_to("main");
    };
    // The menu of narrow screens closes behind a choice.
    let closed = move || {
        path.track();
        false
    };
    view! {
        <a class="skip" href="#main" on:click=skip>{i18n.text("ui.skip")}</a>
        <header class="top"><div class="wrap">
            <a class="brand" href=if staff { "/inbox" } else { "/" }><RelayMark leg=Leg::None/>"Relais"
                {staff.then(|| view! { <span>{i18n.text("ui.office")}</span> })}</a>
            <nav class="wide" aria-label=i18n.text("ui.nav.label")><MenuLinks menu/></nav>
            <span class="wide end small">{who}</span>
            <LanguageSwitch/>
            {(!menu.is_empty()).then(|| view! {
                <details class="slim menu" prop:open=closed><summary>{i18n.text("ui.menu")}<Icon name="menu"/></summary>
                    <nav aria-label=i18n.text("ui.nav.label")><MenuLinks menu/></nav></details>
            })}
        </div></header>
    }
}

#[component]
fn MenuLinks(menu: &'static [MenuItem]) -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname;
    let links = menu.iter().map(|(href, key)| {
        let here = move || (path.get() == *href).then_some("page");
        view! { <a href=*href aria-current=here>{i18n.text(*key)}</a> }
    });
    links.collect_view()
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let buttons = LOCALES.iter().map(|(locale, name)| {
        let chosen = move || if i18n.locale() == *locale { "true" } else { "false" };
        let choose = move |_| {
            spawn_local(async move {
                i18n.set_locale(locale).await;
            });
        };
        view! {
            <button type="button" lang=*locale aria-label=*name aria-pressed=chosen on:click=choose>{locale.to_ascii_uppercase()}</button>
        }
    });
    view! { <span class="lang" role="group" aria-label=i18n.text("ui.settings.language")>{buttons.collect_view()}</span> }
}

/// Draws the line that always says where the work is.
#[component]
fn StatusLine() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let leg = move || match session.unsent() {
        None => Leg::None,
        Some(0) => Leg::Received,
        Some(_) => Leg::Device,
    };
    let count = move || match session.unsent() {
        None => String::new(),
        Some(0) => i18n.get("ui.where.all"),
        Some(unsent) => i18n.count("ui.where.unsent", unsent),
    };
    let connection = move || {
        let key = match session.link.get() {
            Link::Unknown => "unknown",
            Link::Reached => "reached",
            Link::Away => "away",
            Link::SignedOut | Link::OtherPerson => "signed_out",
            Link::Impostor => "impostor",
            Link::Faulty => "faulty",
        };
        let words = i18n.get(&format!("ui.link.short.{key}"));
        match session.status.with(|status| status.as_ref().map_or(0, |status| status.synced_ms)) {
            0 => words,
            ms => format!("{words}, {}", i18n.with("ui.where.synced", &[("when", &i18n.moment(ms))])),
        }
    };
    view! {
        <div class="where" role="region" aria-label=i18n.text("ui.where.label")><div class="wrap"><a href="/device">
            {move || view! { <RelayMark leg=leg()/> }}
            <span role="status"><b>{count}</b>{connection}</span>
            <svg class="i flip end" aria-hidden="true"><use href="#i-next"></use></svg>
        </a></div></div>
    }
}

/// Draws what the tool has to say at once; the gravest first.
#[component]
fn Notices() -> impl IntoView {
    let (session, i18n) = (use_session(), use_i18n());
    let link = session.link;
    let fault = move || {
        let key = session.fault.with(|fault| fault.as_ref().map(|fault| fault.key()))?;
        Some(view! {
            <Notice grave=true key=format!("ui.store.{key}")><a class="btn" href="/device#rescue">{i18n.text("ui.rescue.offer")}</a></Notice>
        })
    };
    let erased = move || {
        session.erased.get().then(|| view! {
            <Notice grave=true key="ui.store.erased_before">
                <button type="button" class="btn plain" on:click=move |_| session.erased.set(false)>{i18n.text("ui.understood")}</button>
            </Notice>
        })
    };
    let signed_out = move || {
        let told = session.account.with(Option::is_some) && link.get() == Link::SignedOut;
        told.then(|| {
            view! {
                <Notice key="ui.link.signed_out"><SignInAgain/></Notice>
            }
        })
    };
    let other_person = move || {
        (link.get() == Link::OtherPerson).then(|| view! { <Notice key="ui.link.other_person"><SignInAgain/></Notice> })
    };
    let update = move || {
        let key = match session.update.get()? {
            PendingUpdate::Ready => "ui.update.text",
            PendingUpdate::WordsUnwritten => "ui.update.later",
        };
        Some(view! {
            <Notice key><button type="button" class="btn" on:click=move |_| install(session)>{i18n.text("ui.update.install")}</button></Notice>
        })
    };
    view! {
        {fault}
        {erased}
        {other_person}
        {move || (link.get() == Link::Impostor).then(|| view! { <Notice key="ui.link.impostor"/> })}
        {signed_out}
        {update}
    }
}

/// Draws the way to where people sign in, a page of its own, and back to this one.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let path = use_location().pathname;
    // What the router shows changes with its path; the address is read whole from the browser.
    let href = move || {
        path.track();
        sign_in_address()
    };
    view! { <a class="btn" rel="external" href=href>{use_i18n().text("ui.sign_in.again")}</a> }
}

#[component]
fn Notice(
    #[prop(into)] key: String,
    /// Whether work is in danger.
    #[prop(optional)]
    grave: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = if grave { "notice bad" } else { "notice wait" };
    view! {
        <div class=class role="alert"><div class="wrap"><Icon name="alert"/><p>{i18n.text(key)}</p>
            {children.map(|children| children())}</div></div>
    }
}

/// What is still in memory is written first; then the new version takes over, unless words could not be.
fn install(session: Session) {
    session.flush.update(|flush| *flush += 1);
    spawn_local(async move {
        browser::sleep(FLUSH_MS).await;
        if session.has_unwritten() {
            session.update.set(Some(PendingUpdate::WordsUnwritten));
        } else {
            browser::announce("relais:install");
        }
    });
}
