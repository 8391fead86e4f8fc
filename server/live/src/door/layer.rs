//! WHEP's layer extension (draft-ietf-wish-whep-02 §4.6.2): a viewer says which layer it wants, or
//! leaves the choice to us. The address is the session's own secret with `/layer` behind it.

use super::{session, text_of};
use crate::driver::Live;
use crate::refusal::Refusal;
use crate::viewer::Wish;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;

/// What the extension is called in a `Link`.
pub(super) const RELATION: &str = "urn:ietf:params:whep:ext:core:layer";

/// A choice, as JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    /// The layer's name in the publisher's offer; none leaves the choice to us.
    encoding_id: Option<String>,
    /// Beyond the draft: no picture at all.
    #[serde(default)]
    sound_only: bool,
}

pub(super) async fn choose(
    State(live): State<Live>,
    names: Path<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Refusal> {
    let at = session::place(names, None)?;
    let text = text_of(&headers, body, "application/json")?;
    live.wish(at, wish(&text)?).await.map(|()| StatusCode::OK)
}

fn wish(text: &str) -> Result<Wish, Refusal> {
    let chosen: Option<Chosen> =
        serde_json::from_str(text).map_err(|_| Refusal::Malformed("the choice is no JSON object with encodingId"))?;
    let chosen = chosen.unwrap_or_default();
    Ok(match (chosen.sound_only, chosen.encoding_id) {
        (true, _) => Wish::SoundOnly,
        (false, Some(name)) => Wish::Layer(name),
        (false, None) => Wish::Automatic,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_sound_or_nothing_in_particular_may_be_chosen() {
        for text in ["null", "{}", r#"{"encodingId":null}"#, r#"{"mediaId":"0"}"#] {
            assert_eq!(wish(text), Ok(Wish::Automatic), "{text}");
        }
        assert_eq!(wish(r#"{"mediaId":"0","encodingId":"h"}"#), Ok(Wish::Layer("h".into())));
        assert_eq!(wish(r#"{"soundOnly":true}"#), Ok(Wish::SoundOnly));
        for text in ["", "h", "[1]", r#"{"encodingId":7}"#] {
            assert!(matches!(wish(text), Err(Refusal::Malformed(_))), "{text}");
        }
    }
}
