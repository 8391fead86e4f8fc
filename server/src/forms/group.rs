//! A leader opens a group.

use crate::{
    address::Named,
    context::Cx,
    failure::{Failure, status},
    pages::people::leader_html,
};
use axum::response::Response;
use market::{Refusal, group_buy};

pub(crate) async fn open(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            match cx
                .state
                .market
                .open_group(cx.signed_in()?, &code)
                .await
                .map_err(Failure::from)
            {
                Ok(group) => Ok(cx.done(&format!("/g/{}", group.code))),
                // they have one open already: go there
                Err(Failure::Refused(Refusal::GroupBuy(group_buy::Refusal::AlreadyOpen { group }))) => {
                    Ok(cx.done(&format!("/g/{group}")))
                }
                Err(Failure::Refused(refusal @ (Refusal::FlashSale(_) | Refusal::LiveSession(_)))) => {
                    let sentence = cx.sentence(&refusal);
                    let html = leader_html(&cx, Some(sentence.clone())).await?;
                    Ok(cx.again(status(&refusal), sentence, |_| html))
                }
                Err(failure) => Err(failure),
            }
        })
        .await
}
