//! Making a key for a program of one's own, and taking it back.

use super::Fields;
use crate::{
    address::Named,
    context::Cx,
    failure::{Failure, status},
    pages::apps::apps_html,
};
use app::people::AppsPage;
use axum::response::Response;
use market::{ApiTokenId, api_token::Scope};

/// The key is in the answer itself and nowhere else: a redirect would have to keep it somewhere.
pub(crate) async fn make(cx: Cx, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let name = fields.text("name");
            let chosen = |scope: &Scope| !fields.text(scope.as_str()).is_empty();
            let ticked: Vec<_> = Scope::ALL.iter().copied().filter(chosen).collect();
            let made = cx.state.market.make_api_token(cx.signed_in()?, name, &ticked).await;
            match made.map_err(Failure::from) {
                Ok(made) => {
                    let view = AppsPage {
                        made: Some((made.token.name, made.text)),
                        ..AppsPage::default()
                    };
                    Ok(cx.html(apps_html(&cx, view).await?))
                }
                Err(Failure::Refused(refusal)) => {
                    let sentence = cx.sentence(&refusal);
                    let view = AppsPage {
                        name_typed: name.to_owned(),
                        ticked,
                        problem: Some(sentence.clone()),
                        ..AppsPage::default()
                    };
                    let html = apps_html(&cx, view).await?;
                    Ok(cx.again(status(&refusal), sentence, |_| html))
                }
                Err(fault) => Err(fault),
            }
        })
        .await
}

pub(crate) async fn revoke(cx: Cx, Named(id): Named) -> Response {
    cx.clone()
        .answer(async move {
            let owner = cx.signed_in()?;
            cx.state.market.revoke_api_token(owner, &ApiTokenId(id)).await?;
            Ok(cx.done("/me/apps"))
        })
        .await
}
