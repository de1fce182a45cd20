//! The names an operation mentions: of the list items it is about, and of everything when a device has to
//! take a new name.

use super::Body;
use crate::ids::{CharId, OpId};
use crate::value::Target;

impl Body {
    /// Returns the list items it is about, other than one it adds.
    pub fn items(&self) -> impl Iterator<Item = OpId> + use<> {
        let of_target = |target: &Target| [target.item, target.column];
        let items = match self {
            Self::Set(body) => of_target(&body.target),
            Self::Choose(body) => of_target(&body.target),
            Self::Insert(body) => of_target(&body.target),
            Self::Delete(body) => of_target(&body.target),
            Self::Reconcile(body) => of_target(&body.target),
            Self::AddItem(body) => [body.parent, None],
            Self::MoveItem(body) => [Some(body.item), body.parent],
            Self::RemoveItem(body) => [Some(body.item), None],
            _ => [None, None],
        };
        items.into_iter().flatten()
    }

    /// Returns this body with every name of an operation or character passed through `renamed`,
    /// for a device that had to take a new replica name.
    pub fn rename(&mut self, renamed: &impl Fn(OpId) -> OpId, renamed_char: &impl Fn(CharId) -> CharId) {
        let target = |target: &mut Target| {
            target.item = target.item.map(renamed);
            target.column = target.column.map(renamed);
        };
        let each = |ids: &mut Vec<OpId>| ids.iter_mut().for_each(|id| *id = renamed(*id));
        match self {
            Self::Set(body) => (target(&mut body.target), each(&mut body.over)).1,
            Self::Choose(body) => (target(&mut body.target), each(&mut body.over)).1,
            Self::Insert(body) => {
                target(&mut body.target);
                body.after = body.after.map(renamed_char);
            }
            Self::Delete(body) => {
                target(&mut body.target);
                body.spans.iter_mut().for_each(|span| span.first = renamed_char(span.first));
            }
            Self::AddItem(body) => body.parent = body.parent.map(renamed),
            Self::MoveItem(body) => {
                body.item = renamed(body.item);
                body.parent = body.parent.map(renamed);
            }
            Self::RemoveItem(body) => body.item = renamed(body.item),
            Self::Reconcile(body) => target(&mut body.target),
            Self::Remark(body) => body.target.iter_mut().for_each(target),
            Self::Reply(body) => body.remark = renamed(body.remark),
            Self::Settle(body) => body.remark = renamed(body.remark),
            Self::Withdraw(body) => body.remark = renamed(body.remark),
            Self::Command(body) => each(&mut body.names),
            Self::Create(_)
            | Self::Read(_)
            | Self::Assign(_)
            | Self::Unassign(_)
            | Self::Transition(_)
            | Self::Version(_)
            | Self::ParkedOp(_)
            | Self::Unknown => {}
        }
    }
}
