//! Open groups, a group's page, its poster.

use crate::{
    address::{Asked, Named},
    context::Cx,
    failure::Failure,
    poster,
};
use app::{
    group_buy::{GroupPage, GroupsPage},
    text::poster::Words,
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use market::group_buy::{Group, GroupState};
use serde::Deserialize;

/// Open groups that are listed.
const LISTED: i64 = 50;

pub(crate) async fn groups(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let groups = cx.state.market.groups(Some(GroupState::Open), LISTED).await?;
            Ok(cx.html(app::group_buy::groups_page(&cx.page, GroupsPage { groups })))
        })
        .await
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default = "one")]
    quantity: i64,
}

fn one() -> i64 {
    1
}

pub(crate) async fn group(cx: Cx, Named(code): Named, Asked(chosen): Asked<Chosen>) -> Response {
    cx.clone()
        .answer(async move {
            let market = &cx.state.market;
            let group = find(&cx, &code).await?;
            let batch = market.batch_of_product(&group.product.slug).await?;
            let my_order = match cx.person() {
                Some(person) => market.order_in_group(person, &group.id).await?,
                None => None,
            };
            let link = link(&cx, &group);
            let quantity = chosen.quantity.clamp(1, group.per_person);
            let view = GroupPage {
                group,
                batch,
                my_order,
                link,
                quantity,
            };
            Ok(cx.html(app::group_buy::group_page(&cx.page, view)))
        })
        .await
}

async fn find(cx: &Cx, code: &str) -> Result<Group, Failure> {
    cx.state.market.find_group(code).await?.ok_or(Failure::NOT_FOUND)
}

fn link(cx: &Cx, group: &Group) -> String {
    format!("{}/g/{}", cx.page.origin, group.code)
}

pub(crate) async fn poster(cx: Cx, Named(code): Named) -> Response {
    cx.clone()
        .answer(async move {
            let group = find(&cx, &code).await?;
            let verified = cx.state.market.batch_of_product(&group.product.slug).await?;
            let verified = verified.is_some_and(|batch| batch.verdict == market::trace::Verdict::Intact);
            let photo = load_photo(&cx, &group.product.photo).await?;
            let link = link(&cx, &group);
            let words = Words::of(cx.lang(), &group, cx.page.now);
            let draw = move || poster::draw(&group, &words, &link, &photo, verified);
            let png = tokio::task::spawn_blocking(draw)
                .await
                .map_err(|lost| Failure::Fault(lost.to_string()))?;
            let png = png.map_err(|error| Failure::Fault(format!("poster: {error}")))?;
            let headers = [
                (header::CONTENT_TYPE, "image/png"),
                (header::CACHE_CONTROL, "private, max-age=30"),
            ];
            Ok((headers, png).into_response())
        })
        .await
}

/// A product's picture: one of the site's files, or one that was uploaded.
async fn load_photo(cx: &Cx, name: &str) -> Result<Vec<u8>, Failure> {
    if let Some(id) = name.strip_prefix("/photo/") {
        let photo = cx
            .state
            .market
            .load_photo(&market::PhotoId(id.to_owned()))
            .await?
            .ok_or(Failure::NOT_FOUND)?;
        return Ok(photo.bytes);
    }
    let file = cx.state.site.join("img").join(format!("{name}.webp"));
    tokio::fs::read(&file)
        .await
        .map_err(|error| Failure::Fault(format!("{}: {error}", file.display())))
}
