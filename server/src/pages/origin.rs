//! Where it comes from: a batch's trace, the look-up by code, a story.

use crate::{
    address::{Asked, Named},
    context::Cx,
    failure::Failure,
};
use app::{
    story::StoryPage,
    trace::{LookUpPage, TracePage},
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

/// Batches the look-up page offers.
const RECENT: i64 = 6;

pub(crate) async fn trace(cx: Cx, Named(code): Named) -> Response {
    let answer = cx.clone();
    answer
        .answer(async move {
            let make = async {
                let batch = cx.state.market.find_batch(&code).await?.ok_or(Failure::NOT_FOUND)?;
                Ok(app::trace::trace_page(&cx.page, TracePage { batch }))
            };
            cx.shared(make).await
        })
        .await
}

#[derive(Deserialize)]
pub(crate) struct LookUp {
    code: Option<String>,
}

pub(crate) async fn look_up(cx: Cx, Asked(LookUp { code }): Asked<LookUp>) -> Response {
    cx.clone()
        .answer(async move {
            let recent = cx.state.market.recent_batches(RECENT).await?;
            let Some(code) = code else {
                let view = LookUpPage {
                    code: String::new(),
                    problem: None,
                    recent,
                };
                return Ok(cx.html(app::trace::look_up_page(&cx.page, view)));
            };
            // codes are read aloud and typed: case and blanks do not matter
            let wanted: String = code
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
                .to_uppercase();
            if cx.state.market.find_batch(&wanted).await?.is_some() {
                let path: String = form_urlencoded::byte_serialize(wanted.as_bytes()).collect();
                return Ok(Redirect::to(&format!("/t/{path}")).into_response());
            }
            let problem = app::text::no_such_batch(cx.lang());
            Ok(cx.again(StatusCode::NOT_FOUND, problem, |problem| {
                app::trace::look_up_page(
                    &cx.page,
                    LookUpPage {
                        code,
                        problem: Some(problem),
                        recent,
                    },
                )
            }))
        })
        .await
}

pub(crate) async fn story(cx: Cx, Named(slug): Named) -> Response {
    let answer = cx.clone();
    answer
        .answer(async move {
            let make = async {
                let story = cx.state.market.find_story(&slug).await?.ok_or(Failure::NOT_FOUND)?;
                Ok(app::story::story_page(&cx.page, StoryPage { story }))
            };
            cx.shared(make).await
        })
        .await
}
