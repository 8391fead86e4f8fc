//! Signing in and out, the language, a name.

use super::Fields;
use crate::{
    context::{Cx, LANG_COOKIE},
    failure::{Failure, status},
    pages::people::{inside, me_html},
    session,
};
use app::people::{SignInPage, Step};
use axum::{
    extract::{ConnectInfo, State},
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use market::{Millis, Refusal, people};
use std::net::SocketAddr;

pub(crate) async fn ask_code(
    cx: Cx,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    State(state): State<crate::AppState>,
    fields: Fields,
) -> Response {
    cx.clone()
        .answer(async move {
            let (phone, next) = (fields.text("phone"), inside(fields.text("next")));
            let sent = match state.market.request_code(phone, &peer.ip().to_string()).await {
                Ok(sent) => sent,
                Err(error) => return again(&cx, Step::Phone, phone, next, error.into()),
            };
            if let Err(error) = state.sms.send(&sent.phone, &sent.code, state.market.now().0).await {
                tracing::error!(%error, "a one-time code was not sent");
                let refusal = Refusal::People(people::Refusal::NotSent);
                return again(&cx, Step::Phone, phone, next, Failure::Refused(refusal));
            }
            let shown = (state.demonstration && state.sms.is_console()).then_some(sent.code);
            Ok(cx.html(page(
                &cx,
                Step::Code {
                    expires_at: sent.expires_at,
                },
                phone,
                next,
                None,
                shown,
            )))
        })
        .await
}

pub(crate) async fn sign_in(cx: Cx, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let (phone, next) = (fields.text("phone"), inside(fields.text("next")));
            match cx.state.market.sign_in(phone, fields.text("code")).await {
                Ok(person) => {
                    session::begin(&cx.session, &person.id).await?;
                    Ok(Redirect::to(next).into_response())
                }
                Err(error) => {
                    let failure = Failure::from(error);
                    // a code that is gone: ask for a new one; a wrong one: try again
                    let gone = matches!(
                        failure,
                        Failure::Refused(Refusal::People(people::Refusal::CodeGone | people::Refusal::BadPhone))
                    );
                    let expires_at = Millis(cx.page.now.0 + people::CODE_LIFE_MS);
                    let step = if gone { Step::Phone } else { Step::Code { expires_at } };
                    again(&cx, step, phone, next, failure)
                }
            }
        })
        .await
}

fn page(cx: &Cx, step: Step, phone: &str, next: &str, problem: Option<String>, shown_code: Option<String>) -> String {
    let view = SignInPage {
        step,
        phone: phone.to_owned(),
        next: next.to_owned(),
        problem,
        shown_code,
    };
    app::people::sign_in_page(&cx.page, view)
}

fn again(cx: &Cx, step: Step, phone: &str, next: &str, failure: Failure) -> Result<Response, Failure> {
    let Failure::Refused(refusal) = failure else {
        return Err(failure);
    };
    Ok(cx.again(status(&refusal), cx.sentence(&refusal), |problem| {
        page(cx, step, phone, next, Some(problem), None)
    }))
}

pub(crate) async fn sign_out(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            session::end(&cx.session).await?;
            Ok(Redirect::to("/").into_response())
        })
        .await
}

pub(crate) async fn language(cx: Cx, fields: Fields) -> Response {
    let lang = if fields.text("lang") == "en" { "en" } else { "zh" };
    let secure = if cx.state.secure() { "; Secure" } else { "" };
    let cookie = format!("{LANG_COOKIE}={lang}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    let back = match fields.text("back") {
        back if back.starts_with("/sign-in") => back,
        "" => "/",
        back => inside(back),
    };
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(back)).into_response()
}

pub(crate) async fn rename(cx: Cx, fields: Fields) -> Response {
    cx.clone()
        .answer(async move {
            let name = fields.text("name");
            match cx.state.market.rename(cx.signed_in()?, name).await {
                Ok(_) => Ok(cx.done("/me")),
                Err(error) => refused_on_me(&cx, error.into(), Some(name.to_owned())).await,
            }
        })
        .await
}

/// The member's page with what was wrong.
pub(crate) async fn refused_on_me(cx: &Cx, failure: Failure, typed: Option<String>) -> Result<Response, Failure> {
    let Failure::Refused(refusal) = failure else {
        return Err(failure);
    };
    let sentence = cx.sentence(&refusal);
    let html = me_html(cx, typed, Some(sentence.clone())).await?;
    Ok(cx.again(status(&refusal), sentence, |_| html))
}
