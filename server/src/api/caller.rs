//! Who asks, and what their token may be used for. A handler that takes a [`By`] cannot be reached
//! without the scope that it names.

use super::problem::Problem;
use crate::AppState;
use app::text::api::Wrong;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use market::{
    Market,
    api_token::{ApiToken, Scope},
    people::Person,
};
use std::{marker::PhantomData, sync::Arc};

/// Who came to the door.
#[derive(Debug, Clone)]
pub(super) enum Asker {
    /// No token.
    Nobody,
    /// A token that is not known, or was taken back.
    Stranger,
    /// A program of somebody's.
    Program(Arc<Program>),
}

/// A program and its owner.
#[derive(Debug)]
pub(super) struct Program {
    pub owner: Person,
    pub token: ApiToken,
}

/// What a request says of its asker, before anything is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claimed<'a> {
    /// Nothing.
    Nothing,
    /// Something that is no token.
    Junk,
    /// A token's text.
    Token(&'a str),
}

impl<'a> Claimed<'a> {
    /// Reads `Authorization: Bearer …` (RFC 6750).
    pub fn by(headers: &'a HeaderMap) -> Self {
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Claimed::Nothing;
        };
        match value.to_str().unwrap_or_default().split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Claimed::Token(token.trim()),
            _ => Claimed::Junk,
        }
    }
}

impl Asker {
    /// Who it is, looked up.
    pub async fn of(market: &Market, claimed: Claimed<'_>) -> Result<Self, market::Error> {
        let token = match claimed {
            Claimed::Nothing => return Ok(Asker::Nobody),
            Claimed::Junk => return Ok(Asker::Stranger),
            Claimed::Token(token) => token,
        };
        let found = market.verify_api_token(token).await?;
        Ok(found.map_or(Asker::Stranger, |(owner, token)| {
            Asker::Program(Arc::new(Program { owner, token }))
        }))
    }
}

/// A scope as a type.
pub(super) trait Right {
    /// The scope.
    const SCOPE: Scope;
}

macro_rules! rights {
    ($($name:ident),+) => {$(
        #[derive(Debug, Clone, Copy)]
        pub(super) struct $name;
        impl Right for $name {
            const SCOPE: Scope = Scope::$name;
        }
    )+};
}
rights!(CatalogRead, LivesRead, GroupsWrite, OrdersRead, OrdersWrite);

/// A program whose token has the scope `R`.
pub(super) struct By<R>(Arc<Program>, PhantomData<R>);

impl<R> By<R> {
    /// Whose program it is.
    pub fn owner(&self) -> &Person {
        &self.0.owner
    }
}

impl<R: Right> FromRequestParts<AppState> for By<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Problem> {
        match parts.extensions.get::<Asker>() {
            None | Some(Asker::Nobody) => Err(Wrong::TokenMissing.into()),
            Some(Asker::Stranger) => Err(Wrong::TokenUnknown.into()),
            Some(Asker::Program(program)) if !program.token.may(R::SCOPE) => Err(Wrong::ScopeMissing(R::SCOPE).into()),
            Some(Asker::Program(program)) => Ok(By(Arc::clone(program), PhantomData)),
        }
    }
}
