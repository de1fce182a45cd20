//! What derived decoders ask about an item before they read it: whether an open-ended array is over.

/// The kinds of item a derived decoder tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// The end of an array or map of open length.
    Break,
    /// Anything else.
    Item,
}
