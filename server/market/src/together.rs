//! What almost every request asks, asked together where many come at once (see `db::together`).

use crate::{ApiTokenId, GroupId, PersonId, api_token::TokenRow, db::together::Together, people::Person};

/// The kinds of look-ups that share statements.
#[derive(Debug, Clone, Default)]
pub(crate) struct LookUps {
    /// Whoever is signed in.
    pub(crate) people: Together<PersonId, Person>,
    /// The tokens of programs.
    pub(crate) tokens: Together<ApiTokenId, TokenRow>,
    /// Groups by their codes.
    pub(crate) groups: Together<String, GroupId>,
}
