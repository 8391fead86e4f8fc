//! From what went wrong to a status and a page.

use crate::context::Cx;
use app::site::Problem;
use axum::{
    Json,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use market::{Refusal, api_token, flash_sale, group_buy, live_session, order, people, push};

/// Why a handler has nothing to show.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The market refused.
    Refused(Refusal),
    /// Something broke; logged under a reference when it is answered.
    Fault(String),
}

impl Failure {
    /// There is no such page.
    pub const NOT_FOUND: Failure = Failure::Refused(Refusal::NotFound);
}

impl From<market::Error> for Failure {
    fn from(error: market::Error) -> Self {
        match error {
            market::Error::Refused(refusal) => Failure::Refused(refusal),
            market::Error::Fault(fault) => Failure::Fault(fault.to_string()),
        }
    }
}

impl From<tower_sessions::session::Error> for Failure {
    fn from(error: tower_sessions::session::Error) -> Self {
        Failure::Fault(error.to_string())
    }
}

impl Failure {
    /// The page (or JSON) that says so.
    pub fn respond(self, cx: &Cx) -> Response {
        match self {
            Failure::Refused(Refusal::SignInFirst) if !cx.json => {
                let next: String = form_urlencoded::byte_serialize(cx.page.path.as_bytes()).collect();
                Redirect::to(&format!("/sign-in?next={next}")).into_response()
            }
            Failure::Refused(refusal) if cx.json => (
                status(&refusal),
                Json(serde_json::json!({ "problem": cx.sentence(&refusal) })),
            )
                .into_response(),
            Failure::Refused(refusal) => {
                let status = status(&refusal);
                let problem = match status {
                    StatusCode::NOT_FOUND => Problem::NotFound,
                    StatusCode::TOO_MANY_REQUESTS => Problem::TooMany,
                    StatusCode::FORBIDDEN => Problem::Forbidden,
                    _ => Problem::Refused {
                        sentence: cx.sentence(&refusal),
                    },
                };
                (status, Html(app::site::error_page(&cx.page, problem))).into_response()
            }
            Failure::Fault(detail) => {
                let reference = market::request_id()[..8].to_owned();
                tracing::error!(reference, detail, "a request failed");
                let page = app::site::error_page(&cx.page, Problem::Fault { reference });
                (StatusCode::INTERNAL_SERVER_ERROR, Html(page)).into_response()
            }
        }
    }
}

/// The status of a refusal: 401, 403, 404, 409 (the world is otherwise), 422 (what was typed), 429.
pub(crate) fn status(refusal: &Refusal) -> StatusCode {
    use StatusCode as S;
    match refusal {
        Refusal::SignInFirst => S::UNAUTHORIZED,
        Refusal::NotYours => S::FORBIDDEN,
        Refusal::NotFound => S::NOT_FOUND,
        Refusal::People(refusal) => match refusal {
            people::Refusal::TooManyCodes { .. } => S::TOO_MANY_REQUESTS,
            people::Refusal::NotSent => S::BAD_GATEWAY,
            people::Refusal::BadPhone
            | people::Refusal::WrongCode { .. }
            | people::Refusal::CodeGone
            | people::Refusal::BadName => S::UNPROCESSABLE_ENTITY,
        },
        Refusal::Order(refusal) => match refusal {
            order::Refusal::Busy => S::SERVICE_UNAVAILABLE,
            order::Refusal::BadQuantity
            | order::Refusal::UnknownPickup
            | order::Refusal::BadKey
            | order::Refusal::KeyReused => S::UNPROCESSABLE_ENTITY,
            order::Refusal::InLine
            | order::Refusal::SoldOut { .. }
            | order::Refusal::OverLimit { .. }
            | order::Refusal::SaleEnded
            | order::Refusal::PriceChanged { .. }
            | order::Refusal::NotEnoughBalance { .. }
            | order::Refusal::Lapsed
            | order::Refusal::WrongState { .. } => S::CONFLICT,
        },
        Refusal::GroupBuy(refusal) => match refusal {
            group_buy::Refusal::LeadersOnly => S::FORBIDDEN,
            _ => S::CONFLICT,
        },
        Refusal::FlashSale(refusal) => match refusal {
            flash_sale::Refusal::AlreadyOn
            | flash_sale::Refusal::Ended
            | flash_sale::Refusal::NoRoundLeft
            | flash_sale::Refusal::NextRound { .. }
            | flash_sale::Refusal::NotEnough { .. } => S::CONFLICT,
            _ => S::UNPROCESSABLE_ENTITY,
        },
        Refusal::Trace(_) => S::UNPROCESSABLE_ENTITY,
        Refusal::Push(refusal) => match refusal {
            push::Refusal::TooManyBrowsers => S::CONFLICT,
            push::Refusal::BadSubscription => S::UNPROCESSABLE_ENTITY,
        },
        Refusal::ApiToken(refusal) => match refusal {
            api_token::Refusal::TooMany => S::CONFLICT,
            api_token::Refusal::BadName | api_token::Refusal::NoScope => S::UNPROCESSABLE_ENTITY,
        },
        Refusal::LiveSession(refusal) => match refusal {
            live_session::Refusal::BadTitle => S::UNPROCESSABLE_ENTITY,
            live_session::Refusal::NotThisFarms => S::FORBIDDEN,
            live_session::Refusal::Ended | live_session::Refusal::NotLive => S::CONFLICT,
        },
    }
}
