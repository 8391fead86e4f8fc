//! Uploaded pictures.

use crate::{address::Named, context::Cx, failure::Failure};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use market::PhotoId;

pub(crate) async fn photo(cx: Cx, Named(id): Named) -> Response {
    cx.clone()
        .answer(async move {
            let photo = cx
                .state
                .market
                .load_photo(&PhotoId(id))
                .await?
                .ok_or(Failure::NOT_FOUND)?;
            let headers = [
                (header::CONTENT_TYPE, photo.media_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
            ];
            Ok((headers, photo.bytes).into_response())
        })
        .await
}
