//! The page of one's programs' keys.

use crate::{context::Cx, failure::Failure};
use app::people::AppsPage;
use axum::response::Response;

pub(crate) async fn apps(cx: Cx) -> Response {
    cx.clone()
        .answer(async move { Ok(cx.html(apps_html(&cx, AppsPage::default()).await?)) })
        .await
}

/// The page with what is in use; `view` says the rest.
pub(crate) async fn apps_html(cx: &Cx, mut view: AppsPage) -> Result<String, Failure> {
    view.tokens = cx.state.market.api_tokens(cx.signed_in()?).await?;
    Ok(app::people::apps_page(&cx.page, view))
}
