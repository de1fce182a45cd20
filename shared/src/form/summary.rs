//! Which of a form's fields stand for a document where it is one of many: in a list, the inbox, a
//! search, a statistic. `document::summary` reads them.

use crate::value::FieldId;

/// The fields a summary is made of. What a form does not ask is `None` or empty.
#[derive(Clone, Copy, Debug)]
pub struct SummaryFields {
    /// A line of text: its title.
    pub title: Option<FieldId>,
    /// A choice: the language it is written in (BCP-47).
    pub language: Option<FieldId>,
    /// The countries it is about: the first of these that is answered.
    pub countries: &'static [Place],
    /// A multiple choice: its themes.
    pub themes: Option<FieldId>,
    /// Whose it is, by name.
    pub owners: Option<Place>,
    /// A day: when it should be done, or takes place.
    pub date: Option<FieldId>,
    /// A tick: something that belongs to it is still to come.
    pub awaits: Option<FieldId>,
}

/// Where answers stand.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// In a field of the document.
    Field(FieldId),
    /// In a field of each item of a list.
    Items(FieldId, FieldId),
}

impl SummaryFields {
    /// Nothing but the state: the case to start from.
    pub const NONE: Self =
        Self { title: None, language: None, countries: &[], themes: None, owners: None, date: None, awaits: None };

    /// Returns whether the summary is made of this field.
    #[must_use]
    pub fn reads(&self, field: FieldId) -> bool {
        let of = |place: &Place| match place {
            Place::Field(one) => *one == field,
            Place::Items(list, one) => *list == field || *one == field,
        };
        [self.title, self.language, self.themes, self.date, self.awaits].contains(&Some(field))
            || self.countries.iter().chain(&self.owners).any(of)
    }
}
