//! What is wrong, as a problem document (RFC 9457): `application/problem+json` with a stable `type`
//! and `code`, and a sentence in the asker's language. Handlers answer a [`Problem`]; [`spoken`] writes
//! it once the language is known, so that the framework's own refusals come out the same.

use crate::failure;
use app::text::{api as text, api::Wrong, refusal as sentence};
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use market::{
    Lang, Refusal, api_token, flash_sale, group_buy, live_session,
    order::{self, OrderState},
    people, push, trace,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The media type of problem documents.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// Why a request has no other answer.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// The market refused.
    Refused(Refusal),
    /// The door did.
    Wrong(Wrong),
    /// Something broke; logged under this reference.
    Fault(String),
}

impl Problem {
    /// There is no such thing.
    pub const NOT_FOUND: Problem = Problem::Refused(Refusal::NotFound);
}

impl From<Wrong> for Problem {
    fn from(wrong: Wrong) -> Self {
        Problem::Wrong(wrong)
    }
}

impl From<market::Error> for Problem {
    fn from(error: market::Error) -> Self {
        match error {
            market::Error::Refused(refusal) => Problem::Refused(refusal),
            market::Error::Fault(fault) => fault_of(&fault.to_string()),
        }
    }
}

/// Logs what broke under a reference, which is all the asker is told.
fn fault_of(detail: &str) -> Problem {
    let reference = market::request_id()[..8].to_owned();
    tracing::error!(reference, detail, "a request failed");
    Problem::Fault(reference)
}

/// What is left of a handler that panicked.
pub(super) fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    fault_of(&format!("a handler panicked: {}", text.unwrap_or_default())).into_response()
}

/// A problem document. Beside the members of RFC 9457 there are some that a program can act on; each
/// is there only where it says something.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// Names the kind of problem; compare it, do not open it (a tag URI, RFC 4151).
    #[serde(rename = "type")]
    kind: String,
    /// The kind of problem in a few words, in the asker's language.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened, in a sentence for people, in the asker's language.
    detail: String,
    /// The last part of `type`: never changes.
    code: &'static str,
    /// What could not be read, in English, for whoever writes the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The scope that the token lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'static str>,
    /// Packs left.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<i64>,
    /// Packs one person may buy.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    /// Packs this person has already.
    #[serde(skip_serializing_if = "Option::is_none")]
    have: Option<i64>,
    /// What one pack costs now, in fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_fen: Option<i64>,
    /// The code of a group that is open, or that is open already.
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    /// The code of the order that holds the seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<String>,
    /// How the order stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    /// Say this when asking what broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

impl Problem {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        use StatusCode as S;
        match self {
            // well said, but not so: another point may be named
            Problem::Refused(Refusal::Order(order::Refusal::UnknownPickup)) => S::CONFLICT,
            Problem::Refused(refusal) => failure::status(refusal),
            Problem::Fault(_) => S::INTERNAL_SERVER_ERROR,
            Problem::Wrong(wrong) => match wrong {
                Wrong::TokenMissing | Wrong::TokenUnknown => S::UNAUTHORIZED,
                Wrong::ScopeMissing(_) => S::FORBIDDEN,
                Wrong::TooMany { .. } => S::TOO_MANY_REQUESTS,
                Wrong::MethodNotAllowed => S::METHOD_NOT_ALLOWED,
                Wrong::NotAcceptable => S::NOT_ACCEPTABLE,
                Wrong::NotJson => S::UNSUPPORTED_MEDIA_TYPE,
                Wrong::TooLarge => S::PAYLOAD_TOO_LARGE,
                Wrong::Unreadable(_) | Wrong::KeyMissing | Wrong::KeyUnreadable => S::BAD_REQUEST,
                Wrong::Invalid(_) => S::UNPROCESSABLE_ENTITY,
                Wrong::NoSuchPage => S::NOT_FOUND,
                Wrong::KeyInFlight => S::CONFLICT,
                Wrong::TooSlow => S::SERVICE_UNAVAILABLE,
            },
        }
    }

    /// Its stable name.
    fn code(&self) -> &'static str {
        match self {
            Problem::Refused(refusal) => code_of(refusal),
            Problem::Fault(_) => "fault",
            Problem::Wrong(wrong) => match wrong {
                Wrong::TokenMissing => "token_missing",
                Wrong::TokenUnknown => "token_unknown",
                Wrong::ScopeMissing(_) => "scope_missing",
                Wrong::TooMany { .. } => "too_many_requests",
                Wrong::MethodNotAllowed => "method_not_allowed",
                Wrong::NotAcceptable => "not_acceptable",
                Wrong::NotJson => "not_json",
                Wrong::TooLarge => "too_large",
                Wrong::Unreadable(_) => "unreadable",
                Wrong::Invalid(_) => "invalid",
                Wrong::NoSuchPage => "no_such_page",
                Wrong::KeyMissing => "key_missing",
                Wrong::KeyUnreadable => "key_unreadable",
                Wrong::KeyInFlight => "key_in_flight",
                Wrong::TooSlow => "too_slow",
            },
        }
    }

    fn document(&self, lang: Lang) -> Document {
        let (code, status) = (self.code(), self.status());
        let detail = match self {
            Problem::Refused(refusal) => sentence(lang, refusal),
            Problem::Wrong(wrong) => text::sentence(lang, wrong),
            Problem::Fault(_) => text::fault(lang),
        };
        let document = Document {
            kind: format!("tag:tiantou,2026:problem/{code}"),
            title: text::title(lang, status.as_u16()),
            status: status.as_u16(),
            detail,
            code,
            ..Document::default()
        };
        self.with_members(document)
    }

    /// What a program can act on.
    fn with_members(&self, mut document: Document) -> Document {
        match self {
            Problem::Fault(reference) => document.reference = Some(reference.clone()),
            Problem::Wrong(Wrong::ScopeMissing(scope)) => document.scope = Some(scope.as_str()),
            Problem::Wrong(Wrong::Unreadable(reason) | Wrong::Invalid(reason)) => {
                document.reason = Some(reason.clone());
            }
            Problem::Refused(Refusal::Order(refusal)) => match refusal {
                order::Refusal::SoldOut { left } => document.left = Some(*left),
                order::Refusal::OverLimit { limit, have } => {
                    (document.limit, document.have) = (Some(*limit), Some(*have));
                }
                order::Refusal::PriceChanged { now } => document.price_fen = Some(now.as_fen()),
                order::Refusal::WrongState { state } => document.state = Some(OrderState::as_str(*state)),
                _ => {}
            },
            Problem::Refused(Refusal::GroupBuy(refusal)) => match refusal {
                group_buy::Refusal::Full { other } => document.group = other.clone(),
                group_buy::Refusal::AlreadyOpen { group } => document.group = Some(group.clone()),
                group_buy::Refusal::AlreadyIn { order } => document.order = Some(order.clone()),
                _ => {}
            },
            Problem::Refused(_) | Problem::Wrong(_) => {}
        }
        document
    }

    /// Headers that belong to it: how to come in (RFC 6750), when to come again (RFC 9110).
    fn headers(&self) -> Option<(HeaderName, HeaderValue)> {
        let challenge = |text: String| {
            let value = HeaderValue::from_str(&text).ok()?;
            Some((header::WWW_AUTHENTICATE, value))
        };
        match self {
            Problem::Wrong(Wrong::TokenMissing) => challenge("Bearer realm=\"tiantou\"".into()),
            Problem::Wrong(Wrong::TokenUnknown) => {
                challenge("Bearer realm=\"tiantou\", error=\"invalid_token\"".into())
            }
            Problem::Wrong(Wrong::ScopeMissing(scope)) => challenge(format!(
                "Bearer realm=\"tiantou\", error=\"insufficient_scope\", scope=\"{scope}\""
            )),
            Problem::Refused(Refusal::Order(order::Refusal::Busy)) => Some((header::RETRY_AFTER, HeaderValue::from(1))),
            Problem::Wrong(Wrong::TooMany { seconds }) => Some((header::RETRY_AFTER, HeaderValue::from(*seconds))),
            _ => None,
        }
    }
}

impl IntoResponse for Problem {
    /// The status and its headers; the words are written by [`spoken`].
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some((name, value)) = self.headers() {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// `response`, with its problem put into words. What the framework refused by itself is one too.
pub(super) fn spoken(lang: Lang, mut response: Response) -> Response {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if response.status() == StatusCode::SERVICE_UNAVAILABLE => Wrong::TooSlow.into(),
        None => return response,
    };
    // a document of strings and numbers is always JSON
    let body = serde_json::to_vec(&problem.document(lang)).unwrap_or_default();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    *response.body_mut() = Body::from(body);
    response
}

/// A refusal's stable name: exhaustive, so that a new one without a name does not compile.
fn code_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::SignInFirst => "token_missing",
        Refusal::NotYours => "not_yours",
        Refusal::NotFound => "not_found",
        Refusal::People(refusal) => match refusal {
            people::Refusal::BadPhone => "bad_phone",
            people::Refusal::WrongCode { .. } => "wrong_code",
            people::Refusal::CodeGone => "code_gone",
            people::Refusal::TooManyCodes { .. } => "too_many_codes",
            people::Refusal::NotSent => "not_sent",
            people::Refusal::BadName => "bad_name",
        },
        Refusal::Order(refusal) => match refusal {
            order::Refusal::SoldOut { .. } => "sold_out",
            order::Refusal::OverLimit { .. } => "over_limit",
            order::Refusal::BadQuantity => "bad_quantity",
            order::Refusal::UnknownPickup => "unknown_pickup_point",
            order::Refusal::SaleEnded => "sale_ended",
            order::Refusal::PriceChanged { .. } => "price_changed",
            order::Refusal::KeyReused => "key_reused",
            order::Refusal::BadKey => "key_unreadable",
            order::Refusal::NotEnoughBalance { .. } => "not_enough_balance",
            order::Refusal::Lapsed => "lapsed",
            order::Refusal::InLine => "in_line",
            order::Refusal::Busy => "busy",
            order::Refusal::WrongState { .. } => "wrong_state",
        },
        Refusal::GroupBuy(refusal) => match refusal {
            group_buy::Refusal::Full { .. } => "group_full",
            group_buy::Refusal::TooLate => "group_too_late",
            group_buy::Refusal::Failed => "group_failed",
            group_buy::Refusal::AlreadyIn { .. } => "already_in_group",
            group_buy::Refusal::LeadersOnly => "leaders_only",
            group_buy::Refusal::AlreadyOpen { .. } => "group_already_open",
        },
        Refusal::FlashSale(refusal) => match refusal {
            flash_sale::Refusal::BadPrice => "bad_price",
            flash_sale::Refusal::NotCheaper { .. } => "not_cheaper",
            flash_sale::Refusal::BadQuota => "bad_quota",
            flash_sale::Refusal::NotEnough { .. } => "not_enough",
            flash_sale::Refusal::BadLimit => "bad_limit",
            flash_sale::Refusal::BadNeed => "bad_need",
            flash_sale::Refusal::BadTime => "bad_time",
            flash_sale::Refusal::BadRounds => "bad_rounds",
            flash_sale::Refusal::RoundsDiffer { .. } => "rounds_differ",
            flash_sale::Refusal::BadWords => "bad_words",
            flash_sale::Refusal::NoRoundLeft => "no_round_left",
            flash_sale::Refusal::NextRound { .. } => "next_round",
            flash_sale::Refusal::AlreadyOn => "sale_already_on",
            flash_sale::Refusal::Ended => "sale_ended",
        },
        Refusal::LiveSession(refusal) => match refusal {
            live_session::Refusal::Ended => "live_ended",
            live_session::Refusal::NotLive => "not_live",
            live_session::Refusal::NotThisFarms => "not_this_farms",
            live_session::Refusal::BadTitle => "bad_title",
        },
        Refusal::Trace(refusal) => match refusal {
            trace::Refusal::InFuture => "in_future",
            trace::Refusal::NothingToCorrect => "nothing_to_correct",
            trace::Refusal::BadFacts => "bad_facts",
        },
        Refusal::Push(refusal) => match refusal {
            push::Refusal::BadSubscription => "bad_subscription",
            push::Refusal::TooManyBrowsers => "too_many_browsers",
        },
        Refusal::ApiToken(refusal) => match refusal {
            api_token::Refusal::BadName => "bad_name",
            api_token::Refusal::NoScope => "no_scope",
            api_token::Refusal::TooMany => "too_many_tokens",
        },
    }
}
