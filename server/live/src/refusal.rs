//! Why the live door says no. Each has one HTTP status (RFC 9725 §4.2, §4.3)
//! and a short English sentence for the program that asked.

use axum::http::StatusCode;

/// A refusal of the live door. Nothing is left allocated after one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The text is not an offer.
    #[error("bad request: {0}")]
    Malformed(&'static str),
    /// The offer is one, but not for media that can pass here.
    #[error("not acceptable: {0}")]
    Unacceptable(String),
    /// No token, or none that opens.
    #[error("unauthorized: {0}")]
    Unauthorized(String),
    /// A good ticket, for something else.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// Nobody publishes in this room now; try again.
    #[error("nobody publishes here now")]
    NotLive,
    /// Another publisher holds the room.
    #[error("another publisher is live in this room")]
    Taken,
    /// A limit is reached; try again.
    #[error("full: {0}")]
    Full(&'static str),
    /// No such session.
    #[error("no such session")]
    NoSession,
    /// PATCH without `If-Match` (RFC 9725 §4.3.1.1).
    #[error("If-Match is required")]
    NoPrecondition,
    /// `If-Match` names another ICE session than the current one.
    #[error("the ETag is not the current one")]
    Stale,
    /// The request is understood, and not offered here.
    #[error("unprocessable: {0}")]
    Unprocessable(&'static str),
    /// The body's type is not the one this door takes.
    #[error("this door takes {0}")]
    WrongType(&'static str),
    /// The body is over the limit.
    #[error("the body is too large")]
    TooLarge,
    /// The door is closed: the server is stopping.
    #[error("the live door is closed")]
    Closed,
}

impl Refusal {
    /// The status this refusal answers with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Unacceptable(_) => StatusCode::NOT_ACCEPTABLE,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotLive | Self::Taken => StatusCode::CONFLICT,
            Self::Full(_) | Self::Closed => StatusCode::SERVICE_UNAVAILABLE,
            Self::NoSession => StatusCode::NOT_FOUND,
            Self::NoPrecondition => StatusCode::PRECONDITION_REQUIRED,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::WrongType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }

    /// Seconds after which asking again makes sense, for those where it does.
    pub fn retry_after(&self) -> Option<u32> {
        match self {
            Self::NotLive => Some(2),
            Self::Full(_) | Self::Closed => Some(10),
            _ => None,
        }
    }
}
