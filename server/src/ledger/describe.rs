//! What the envelope says of a document, for lists and the inbox: read off its shared side.

use shared::document::Document;
use shared::forms::request;
use shared::value::{Target, Value};
use shared::workflow::Action;

use crate::store::log::Envelope;

/// Brings the columns that lists and the inbox look at up to date.
pub(super) fn describe(envelope: &mut Envelope, shared: &Document) {
    let title = shared.register(Target::of(request::TITLE)).and_then(|register| register.first());
    if let Some(Value::Text(title)) = title.map(|first| &first.value) {
        envelope.title.clone_from(title);
    }
    let codes =
        |field| shared.choices(Target::of(field)).map(shared::merge::choices::Choices::codes).unwrap_or_default();
    envelope.country = codes(request::PARTNER_COUNTRIES).into_iter().next().unwrap_or_default();
    envelope.themes = codes(request::THEMES).into_iter().map(|theme| theme + " ").collect();
    envelope.state = shared.state as u8;
    envelope.reference = shared.reference().map(ToOwned::to_owned);
    envelope.version = shared.version();
    let submitted = shared.history.iter().rev().find(|step| step.transition.action == Action::Submit);
    if let Some(step) = submitted {
        envelope.submitted_ms = Some(step.transition.at_ms);
        envelope.visible_seq.get_or_insert(
            shared
                .history
                .iter()
                .find(|step| step.transition.action == Action::Submit)
                .map_or(step.mark.seq, |first| first.mark.seq),
        );
    }
}
