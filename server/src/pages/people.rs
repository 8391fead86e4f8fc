//! Sign-in, a member's page, a leader's page.

use crate::{address::Asked, context::Cx, failure::Failure};
use app::{
    community::LeaderPage,
    people::{InboxPage, MePage, SignInPage, Step},
};
use axum::response::{IntoResponse, Redirect, Response};
use market::{Refusal, people::Role};
use serde::Deserialize;

/// Lines of a balance, orders and notices a member's page shows.
const SHOWN: i64 = 30;
/// Notices it shows; the inbox shows more.
const GLANCE: i64 = 3;
/// Notices the inbox shows.
const INBOX: i64 = 100;

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// A path of this site to come back to; anything else is the member's page.
pub(crate) fn inside(next: &str) -> &str {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if inside && !next.starts_with("/sign-in") {
        next
    } else {
        "/me"
    }
}

pub(crate) async fn sign_in(cx: Cx, Asked(Next { next }): Asked<Next>) -> Response {
    if cx.person().is_some() {
        return Redirect::to(inside(&next)).into_response();
    }
    let view = SignInPage {
        step: Step::Phone,
        phone: String::new(),
        next: inside(&next).to_owned(),
        problem: None,
        shown_code: None,
    };
    cx.html(app::people::sign_in_page(&cx.page, view))
}

pub(crate) async fn me(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let html = me_html(&cx, None, None).await?;
            Ok(cx.html(html))
        })
        .await
}

/// A member's page, with a name that was typed and what was wrong.
pub(crate) async fn me_html(cx: &Cx, typed: Option<String>, problem: Option<String>) -> Result<String, Failure> {
    let person = cx.signed_in()?;
    let market = &cx.state.market;
    let view = MePage {
        balance: market.balance(&person.id).await?,
        entries: market.balance_entries(&person.id, SHOWN).await?,
        orders: market.orders_of(person, SHOWN).await?,
        notices: market.notices(person, GLANCE).await?,
        unread: market.unread_notices(person).await?,
        farm: market.farm_of(&person.id).await?,
        name_typed: typed.unwrap_or_else(|| person.name.clone()),
        problem,
    };
    Ok(app::people::me_page(&cx.page, view))
}

/// `GET /me/inbox`. What it shows is read then; what is told meanwhile stays new.
pub(crate) async fn inbox(cx: Cx) -> Response {
    cx.clone()
        .answer(async move {
            let (person, market) = (cx.signed_in()?, &cx.state.market);
            let notices = market.notices(person, INBOX).await?;
            let newest = notices
                .iter()
                .filter(|notice| notice.unread)
                .map(|notice| notice.at)
                .max();
            let html = app::people::inbox_page(&cx.page, InboxPage { notices });
            if let Some(newest) = newest {
                market.mark_notices_read(person, newest).await?;
            }
            Ok(cx.html(html))
        })
        .await
}

pub(crate) async fn leader(cx: Cx) -> Response {
    cx.clone()
        .answer(async move { Ok(cx.html(leader_html(&cx, None).await?)) })
        .await
}

/// A leader's page, with what went wrong.
pub(crate) async fn leader_html(cx: &Cx, problem: Option<String>) -> Result<String, Failure> {
    let person = cx.signed_in()?;
    if !person.is(Role::Leader) {
        return Err(Failure::Refused(Refusal::NotYours));
    }
    let market = &cx.state.market;
    let view = LeaderPage {
        pickup: market.pickup_of_leader(&person.id).await?,
        groups: market.groups_of(person).await?,
        orders: market.orders_for_leader(person).await?,
        sales: market.sales_today(SHOWN).await?,
        problem,
    };
    Ok(app::community::leader_page(&cx.page, view))
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn sign_in_comes_back_to_this_site_only() {
        for (next, to) in [
            ("/g/ABC?quantity=2", "/g/ABC?quantity=2"),
            ("https://evil.example", "/me"),
            ("//evil.example", "/me"),
            ("/\\evil.example", "/me"),
            ("", "/me"),
            ("/sign-in?next=/sign-in", "/me"),
            ("/a\r\nSet-Cookie: x", "/me"),
        ] {
            assert_eq!(inside(next), to, "{next}");
        }
    }
}
