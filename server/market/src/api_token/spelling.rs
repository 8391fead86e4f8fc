//! How scopes are stored, and what a token looks like.

use super::{PREFIX, Scope};
use crate::ApiTokenId;

/// Characters of a token's id (UUID, RFC 9562) and of its secret (256 bits in hexadecimal).
const ID_LENGTH: usize = 36;
const SECRET_LENGTH: usize = 64;

/// Scopes as they are stored.
pub(super) fn written(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ")
}

/// Scopes as they were stored.
pub(super) fn read(text: &str) -> Result<Vec<Scope>, String> {
    text.split(' ').map(|word| Scope::try_from(word.to_owned())).collect()
}

/// Each scope once, in their order.
pub(super) fn in_order(scopes: &[Scope]) -> Vec<Scope> {
    let wanted = |scope: &Scope| scopes.contains(scope);
    Scope::ALL.iter().copied().filter(wanted).collect()
}

/// A token's text: its id finds the row, its secret opens the door.
pub(super) fn spell(id: &ApiTokenId, secret: &str) -> String {
    format!("{PREFIX}{id}_{secret}")
}

/// The id and the secret in a token's text; none when it cannot be one of ours.
pub(super) fn take_apart(text: &str) -> Option<(ApiTokenId, &str)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let fits = id.len() == ID_LENGTH && secret.len() == SECRET_LENGTH && hexadecimal(id) && hexadecimal(secret);
    fits.then(|| (ApiTokenId(id.to_owned()), secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_kept_as_words() {
        let all = in_order(&[Scope::OrdersWrite, Scope::CatalogRead, Scope::OrdersWrite]);
        assert_eq!(all, [Scope::CatalogRead, Scope::OrdersWrite]);
        assert_eq!(written(&all), "catalog:read orders:write");
        assert_eq!(read("catalog:read orders:write"), Ok(all));
        assert!(read("").is_err() && read("orders:delete").is_err());
    }

    #[test]
    fn a_token_is_told_from_other_text() {
        let id = ApiTokenId("01900000-0000-7000-8000-000000000000".into());
        let secret = "ab".repeat(32);
        let text = spell(&id, &secret);
        assert_eq!(take_apart(&text), Some((id, secret.as_str())));
        let wrong = [
            "",
            "tt_",
            "tt__",
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}0"),
        ];
        for text in wrong {
            assert_eq!(take_apart(text), None, "{text}");
        }
        assert_eq!(take_apart(&text.replace("ab", "\u{0}b")), None);
    }
}
