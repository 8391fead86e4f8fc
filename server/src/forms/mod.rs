//! POST: read a form, call one verb, go on. A form that cannot be done comes back with what was
//! typed and a sentence; nothing was changed.

pub(crate) mod group;
pub(crate) mod host;
pub(crate) mod order;
pub(crate) mod people;
pub(crate) mod photo;

use std::collections::HashMap;

/// A form's fields as they were typed.
#[derive(Debug, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Fields(HashMap<String, String>);

impl Fields {
    /// A field without blanks at its ends; "" when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// A whole number; anything else is −1, which every rule refuses.
    pub fn number(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or(-1)
    }
}
