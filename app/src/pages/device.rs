//! What is on this device and nowhere else, what was put aside, what the browser promises, the
//! rescue file, and leaving.

mod keep;

use shared::forms::request;
use shared::ids::{DocumentId, Scope};
use shared::op::{Body, Command, Op};
use shared::sorted::Map;
use shared::sync::admission::Reason;
use shared::sync::device::Own;
use shared::value::Target;
use shared::workflow::{Action, partner_may_edit};

use super::{question, titled};
use crate::parts::dom;
use crate::parts::icon::icon;
use crate::session::{Session, send_now};
use crate::state::{RwSignal, effect, later};
use crate::view::{CollectView, View, view};
use crate::words;

/// Draws the page.
pub fn device() -> View {
    let session = Session::here();
    titled(&words::t("ui.nav.device"));
    let unsent = RwSignal::new(Vec::<Op>::new());
    let received = RwSignal::new(0_usize);
    let parked = RwSignal::new(Vec::<Own>::new());
    let files = super::home::files(session);
    effect(move || {
        session.tick.track();
        later(async move {
            let Some(desk) = session.desk() else { return };
            if let Ok(waiting) = desk.waiting().await {
                let _ = received.try_set(waiting.received);
                let _ = unsent.try_set(waiting.unsent);
            }
            if let Ok(rows) = desk.parked().await {
                let _ = parked.try_set(rows);
            }
        });
    });
    let title = move |document: DocumentId| {
        files.with(|files| {
            let row = files.iter().flatten().find(|row| row.document == document);
            row.map(|row| row.title.clone())
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| words::t("ui.file.untitled"))
        })
    };
    let adoptable = move |document: DocumentId| {
        files.with(|files| {
            files
                .iter()
                .flatten()
                .any(|row| row.document == document && partner_may_edit(row.state) && row.queued.is_none())
        })
    };
    view! {
        <main id="main" class="wrap" tabindex="-1">
            <h1>{words::t("ui.nav.device")}</h1>
            <ol class="legs">
                <li class="s1"><b>{move || unsent.with(Vec::len)}</b><span>{move || words::count("ui.legs.device", unsent.with(Vec::len))}</span></li>
                <li class="s2"><b>{move || received.get()}</b><span>{move || words::count("ui.legs.received", received.get())}</span></li>
            </ol>
            <p class="small quiet gap-s">{words::t("ui.device.kept")}</p>
            <section>
                <h2 class="rule">{words::t("ui.device.unsent")}" "<span class="quiet">{move || unsent.with(Vec::len)}</span></h2>
                {move || { let rows = unsent.get(); if rows.is_empty() { view! { <p class="small">{words::t("ui.device.nothing")}</p> } } else {
                    view! { <ul class="rows">{lines(rows, title)}</ul>
                        <p class="gap-s"><button type="button" class="btn main" on:click=move |_| send_now(session)>{words::t("ui.device.send")}</button></p>
                        <p class="small quiet gap-s">{words::t("ui.device.alone")}</p> } } }}
            </section>
            <section hidden=move || parked.with(Vec::is_empty)>
                <h2 class="rule">{words::t("ui.device.parked")}" "<span class="quiet">{move || parked.with(Vec::len)}</span></h2>
                {move || parked.get().into_iter().map(|own| slip(session, own, title, adoptable)).collect_view()}
            </section>
            {keep::promise()}
            {keep::rescue(session)}
            {leave(session, unsent)}
        </main>
    }
}

/// One line for each field written to, newest first: a person wrote a paragraph, not forty operations.
fn lines(ops: Vec<Op>, title: impl Fn(DocumentId) -> String) -> View {
    let mut grouped: Map<(DocumentId, String), (i64, usize)> = Map::new();
    for op in &ops {
        let group = grouped.entry((op.scope.document, what(op))).or_default();
        group.0 = group.0.max(op.wall_ms);
        group.1 += op.payload.len();
    }
    let mut rows = Vec::new();
    for row in grouped {
        shared::sorted::insert(&mut rows, row, |(_, (at, _))| core::cmp::Reverse(*at));
    }
    rows.into_iter().map(|((document, what), (at, bytes))| {
        view! { <li><b class="small">{what}</b><a class="small" dir="auto" href=format!("/requests/{document}")>{title(document)}</a>
            <span class="small quiet">{words::moment(at)}" · "{words::size(bytes as f64)}</span></li> }
    }).collect_view()
}

/// Returns what an operation is about, in words.
pub fn what(op: &Op) -> String {
    let label =
        |target: Target| request::FORM.field(target.field).map_or_else(|| words::t("ui.what.other"), words::label);
    match op.body() {
        Ok(Body::Set(set)) => label(set.target),
        Ok(Body::Insert(insert)) => label(insert.target),
        Ok(Body::Delete(delete)) => label(delete.target),
        Ok(Body::Choose(choose)) => label(choose.target),
        Ok(Body::AddItem(add)) => label(Target::of(add.field)),
        Ok(Body::MoveItem(_) | Body::RemoveItem(_)) => words::t("ui.what.list"),
        Ok(Body::Remark(_) | Body::Reply(_) | Body::Settle(_) | Body::Withdraw(_)) => words::t("ui.what.remark"),
        Ok(Body::Command(command)) => words::t(&format!("ui.what.command.{}", command_key(&command))),
        Ok(Body::Create(_)) => words::t("ui.home.new"),
        _ => words::t("ui.what.other"),
    }
}

fn command_key(command: &Command) -> &'static str {
    match command.action {
        Action::Submit => "submit",
        Action::Return => "return",
        Action::Register => "register",
        Action::Withdraw => "withdraw",
        _ => "other",
    }
}

/// Returns the words an operation carries, to copy them elsewhere.
pub fn words_of(op: &Op) -> String {
    match op.body() {
        Ok(Body::Set(set)) => request::FORM
            .field(set.target.field)
            .map(|field| crate::parts::answer::value(field, &set.value))
            .unwrap_or_default(),
        Ok(Body::Insert(insert)) => insert.text,
        Ok(Body::Remark(remark)) => remark.text,
        Ok(Body::Reply(reply)) => reply.text,
        Ok(Body::Command(command)) => command.reason.unwrap_or_default(),
        _ => String::new(),
    }
}

fn slip(
    session: Session,
    own: Own,
    title: impl Fn(DocumentId) -> String,
    adoptable: impl Fn(DocumentId) -> bool,
) -> View {
    let known = Reason::from_number(own.reason);
    let reason = known.map_or("unknown_kind", Reason::key);
    let document = own.op.scope.document;
    let text = words_of(&own.op);
    let quoted = (!text.is_empty()).then(|| view! { <p class="words pre gap-s" dir="auto">{text.clone()}</p> });
    let is_command = matches!(own.op.body(), Ok(Body::Command(_)));
    let (id, row) = (own.op.id, own.row);
    let adopt = move |_| {
        later(async move {
            let Some(desk) = session.desk() else { return };
            let Ok(views) = desk.views(document).await else { return };
            let command = Command {
                action: Action::Adopt,
                expect: views.shared.state,
                content_hash: None,
                reason: None,
                names: vec![id],
            };
            session.write(vec![(Scope::shared(document), Body::Command(command))]).await;
        });
    };
    let leave = move |_| {
        later(async move {
            if let Some(desk) = session.desk() {
                if let Err(error) = desk.forget_parked(row).await {
                    session.complain(&error);
                }
                session.changed();
            }
        });
    };
    let copied = text.clone();
    view! {
        <div class="slip">
            <p><b>{what(&own.op)}</b></p>
            <p class="small quiet">{title(document)}", "{words::moment(own.op.wall_ms)}</p>
            {quoted}
            <p class="small gap-s">{words::t(&format!("ui.reason.{reason}"))}" "{words::t("ui.device.not_lost")}</p>
            {(!is_command && known.is_some_and(Reason::adoptable) && adoptable(document)).then(|| view! { <p class="gap-s"><button type="button" class="btn" on:click=adopt>{words::t("ui.device.adopt")}</button></p> })}
            <p class="row">
                {(!text.is_empty()).then(|| view! { <button type="button" class="btn plain small" on:click=move |_| dom::copy(&copied)>{words::t("ui.device.copy")}</button> })}
                <button type="button" class="btn plain small" on:click=leave>{words::t("ui.device.leave_to_team")}</button>
            </p>
        </div>
    }
}

/// Signing out asks when work is unsent, and erases nothing in any case.
fn leave(session: Session, unsent: RwSignal<Vec<Op>>) -> View {
    let text = move || {
        let n = unsent.with(Vec::len);
        if n > 0 { words::count("ui.leave.unsent", n) } else { words::t("ui.leave.clean") }
    };
    let act = move || later(session.sign_out());
    view! {
        <section>
            <h2 class="rule">{words::t("ui.leave.title")}</h2>
            <p class="small">{text}</p>
            <p class="gap-s"><button type="button" class="btn bad" on:click=move |_| if unsent.with_untracked(Vec::is_empty) { act() } else { dom::open_dialog("leave") }>{icon("lock")}{words::t("ui.leave.act")}</button></p>
            {question("leave", words::t("ui.leave.sure"), words::t("ui.leave.sure_text"), View::Nothing, words::t("ui.leave.act"), move || { act(); Ok(()) })}
        </section>
    }
}
