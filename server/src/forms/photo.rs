//! A farmer's own photo replaces the drawn one.

use crate::{
    context::Cx,
    failure::Failure,
    pages::people::me_html,
    photo::{KEPT_TYPE, MOST_BYTES, Unfit},
};
use app::text::{photo_too_large, photo_unreadable};
use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
    response::Response,
};

pub(crate) async fn portrait(cx: Cx, mut form: Multipart) -> Response {
    cx.clone()
        .answer(async move {
            let person = cx.signed_in()?;
            let upload = match upload(&mut form).await {
                Ok(upload) => upload,
                Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                    return unfit(&cx, Unfit::TooManyBytes).await;
                }
                Err(_) => return unfit(&cx, Unfit::Unreadable).await,
            };
            let kept = match cx.state.photos.remake(upload).await? {
                Ok(kept) => kept,
                Err(why) => return unfit(&cx, why).await,
            };
            let market = &cx.state.market;
            let (width, height) = (i64::from(kept.width), i64::from(kept.height));
            let id = market.save_photo(person, KEPT_TYPE, width, height, &kept.bytes).await?;
            market.set_portrait(person, &format!("/photo/{id}")).await?;
            Ok(cx.done("/me"))
        })
        .await
}

/// The bytes of the field `photo`; none when it is not there.
async fn upload(form: &mut Multipart) -> Result<Vec<u8>, MultipartError> {
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("photo") {
            return Ok(field.bytes().await?.to_vec());
        }
    }
    Ok(Vec::new())
}

async fn unfit(cx: &Cx, why: Unfit) -> Result<Response, Failure> {
    let (status, sentence) = match why {
        Unfit::TooManyBytes => (
            StatusCode::PAYLOAD_TOO_LARGE,
            photo_too_large(cx.lang(), MOST_BYTES >> 20),
        ),
        Unfit::TooManyPixels => (
            StatusCode::UNPROCESSABLE_ENTITY,
            photo_too_large(cx.lang(), MOST_BYTES >> 20),
        ),
        Unfit::Unreadable => (StatusCode::UNPROCESSABLE_ENTITY, photo_unreadable(cx.lang())),
    };
    let html = me_html(cx, None, Some(sentence.clone())).await?;
    Ok(cx.again(status, sentence, |_| html))
}
