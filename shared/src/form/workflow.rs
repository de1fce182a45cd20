//! The vocabulary of life cycles: a form lists its states and the moves between them as data.
//!
//! A state and an action are numbers that only their form gives meaning to: whoever passes a document
//! on need not know them. Does not know how a move is carried out (see `sync::command`).

use minicbor::{Decode, Encode};

use super::roles::Who;

/// Where a document stands. Every life begins in state 0. Waiting to be sent is no state: it is a
/// command still on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct State(#[n(0)] pub u8);

/// What a person can ask of a document, by its number in the form's workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Action(#[n(0)] pub u8);

/// The life cycle of one document type.
#[derive(Clone, Copy, Debug)]
pub struct Workflow {
    /// Every state, in the order of the life cycle; the first is number 0.
    pub states: &'static [StateDefinition],
    /// Every permitted move. The same action may stand in several, for others or from elsewhere.
    pub moves: &'static [Move],
}

/// One state.
#[derive(Clone, Copy, Debug)]
pub struct StateDefinition {
    /// Its number: never reused.
    pub state: State,
    /// Its name in message keys and in JSON, e.g. `received`.
    pub key: &'static str,
    /// Whose turn it is.
    pub phase: Phase,
    /// Whether people are told about it above the document, in words of the form's own.
    pub notice: bool,
}

/// Whose turn it is, as lists are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Whoever writes it writes.
    Writing,
    /// It arrived, and nobody of the facility has dealt with it yet.
    Waiting,
    /// The facility has it in hand.
    Handled,
    /// Nothing further happens.
    Closed,
}

/// One permitted move.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// What is asked.
    pub action: Action,
    /// The action's name in message keys, e.g. `submit`.
    pub key: &'static str,
    /// From these states.
    pub from: &'static [State],
    /// To this state; `None` where it stays as it is.
    pub to: Option<State>,
    /// Asked by one of these.
    pub by: &'static [Who],
    /// What whoever asks has to bring.
    pub asks: &'static [Ask],
    /// What the server does besides changing the state.
    pub does: &'static [Deed],
}

/// What a move asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// The hash of the content its author read.
    Content,
    /// The number of the newest version its author read.
    Version,
    /// Answers in which nothing is missing.
    Complete,
    /// A reason, if there is one to give; without this none is asked.
    Reason,
    /// A reason in words.
    ReasonInWords,
    /// The remarks to send along, or a reason in words.
    Remarks,
    /// The parked operations it is about.
    Parked,
}

/// What the server does when a move is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Keeps the answers as a numbered version, with what the form's rules say of them. With the
    /// first one, those who wait for it see the document.
    Version,
    /// Gives a receipt number.
    Receipt,
    /// Gives the next reference of the year, unless it has one.
    Reference,
    /// Publishes the named remarks.
    Publish,
    /// Applies the named parked operations after all.
    Adopt,
}

impl Workflow {
    /// Returns what is known of a state; `None` for one of a newer version of the form.
    #[must_use]
    pub fn state(&self, state: State) -> Option<&'static StateDefinition> {
        self.states.iter().find(|known| known.state == state)
    }

    /// Returns the name of an action in message keys; `None` for one of a newer version of the form.
    #[must_use]
    pub fn action_key(&self, action: Action) -> Option<&'static str> {
        self.moves.iter().find(|known| known.action == action).map(|known| known.key)
    }

    /// Returns whether the server does this when the action is carried out.
    #[must_use]
    pub fn action_does(&self, action: Action, deed: Deed) -> bool {
        self.moves.iter().any(|known| known.action == action && known.does(deed))
    }

    /// Returns whose turn it is; a state that is not known is in somebody else's hands.
    #[must_use]
    pub fn phase(&self, state: State) -> Phase {
        self.state(state).map_or(Phase::Handled, |known| known.phase)
    }
}

impl Move {
    /// Returns whether this asks for something.
    #[must_use]
    pub fn asks_for(&self, ask: Ask) -> bool {
        self.asks.contains(&ask)
    }

    /// Returns whether the server does this with it.
    #[must_use]
    pub fn does(&self, deed: Deed) -> bool {
        self.does.contains(&deed)
    }
}
