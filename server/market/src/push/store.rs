//! All SQL on subscriptions and messages.

use super::{Outgoing, Subscription};
use crate::{
    Error, Fault, Lang, Millis, PersonId, SubscriptionId,
    db::{
        Tx,
        many::{read_many, write_many},
        on, rows,
    },
    people::NoticeKind,
};

const ADD: &str = "INSERT INTO push_subscriptions (id, person_id, endpoint, p256dh, auth, lang, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const COUNT: &str = "SELECT COUNT(*) FROM push_subscriptions WHERE person_id = $1";
const FORGET: &str = "DELETE FROM push_subscriptions WHERE endpoint = $1";
const FORGET_OF: &str = "DELETE FROM push_subscriptions WHERE person_id = $1 AND endpoint = $2";
const FORGET_ALL: &str = "DELETE FROM push_subscriptions WHERE person_id = $1";
const FORGET_ID: &str = "DELETE FROM push_subscriptions WHERE id = $1";
const GIVE_UP_OF: &str =
    "UPDATE push_messages SET state = 'given_up', settled_at = $2 WHERE subscription_id = $1 AND state = 'waiting'";
const ASKED: &str = "WITH asked (person_id) AS (VALUES";
const BROWSERS: &str = ") SELECT s.id, s.person_id FROM asked a JOIN push_subscriptions s ON s.person_id = a.person_id";

const QUEUE: &str =
    "INSERT INTO push_messages (id, person_id, subscription_id, notice_id, state, tries, due_at, expires_at) VALUES";
const ANY_DUE: &str =
    "SELECT COUNT(*) FROM (SELECT 1 FROM push_messages WHERE state = 'waiting' AND due_at <= $1 LIMIT 1) m";
/// One whose browser was forgotten meanwhile has nowhere to go.
const GIVE_UP_OLD: &str = "UPDATE push_messages SET state = 'given_up', settled_at = $1 \
     WHERE state = 'waiting' AND due_at <= $1 AND (expires_at <= $1 OR NOT EXISTS \
     (SELECT 1 FROM push_subscriptions s WHERE s.id = push_messages.subscription_id))";
const DUE: &str = "SELECT m.id, m.subscription_id, m.tries, m.due_at, m.expires_at, n.kind, s.endpoint, s.p256dh, s.auth, s.lang \
     FROM push_messages m JOIN push_subscriptions s ON s.id = m.subscription_id JOIN notices n ON n.id = m.notice_id \
     WHERE m.state = 'waiting' AND m.due_at <= $1 ORDER BY m.due_at, m.id LIMIT $2";
const LEASE: &str = "UPDATE push_messages SET due_at = $3 WHERE id = $1 AND due_at = $2 AND state = 'waiting'";
const SETTLE: &str = "UPDATE push_messages SET state = $2, settled_at = $3 WHERE id = $1 AND state = 'waiting'";
const RETRY: &str = "UPDATE push_messages SET tries = $2, due_at = $3 WHERE id = $1 AND state = 'waiting'";

pub(super) async fn add(tx: &mut Tx, person: &PersonId, to: &Subscription, now: Millis) -> sqlx::Result<u64> {
    let lang = match to.lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    };
    rows!(
        tx,
        sqlx::query(ADD)
            .bind(SubscriptionId::new())
            .bind(person)
            .bind(&to.endpoint)
            .bind(&to.p256dh)
            .bind(&to.auth)
            .bind(lang)
            .bind(now)
    )
}

pub(super) async fn count(tx: &mut Tx, person: &PersonId) -> sqlx::Result<i64> {
    on!(tx, c => sqlx::query_scalar(COUNT).bind(person).fetch_one(c))
}

pub(super) async fn forget(tx: &mut Tx, endpoint: &str) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(FORGET).bind(endpoint))
}

pub(super) async fn forget_of(tx: &mut Tx, person: &PersonId, endpoint: &str) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(FORGET_OF).bind(person).bind(endpoint))
}

pub(super) async fn forget_all(tx: &mut Tx, person: &PersonId) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(FORGET_ALL).bind(person))
}

/// Forgets a browser and gives up what is on its way there.
pub(super) async fn forget_id(tx: &mut Tx, id: &SubscriptionId, now: Millis) -> sqlx::Result<()> {
    rows!(tx, sqlx::query(FORGET_ID).bind(id))?;
    rows!(tx, sqlx::query(GIVE_UP_OF).bind(id).bind(now))?;
    Ok(())
}

/// A browser of somebody's.
#[derive(sqlx::FromRow)]
pub(super) struct Browser {
    pub(super) id: SubscriptionId,
    pub(super) person_id: PersonId,
}

/// The browsers of these people, each person once.
pub(super) async fn browsers(tx: &mut Tx, people: &[&PersonId]) -> sqlx::Result<Vec<Browser>> {
    let mut found = read_many!(tx, Browser, ASKED, 1, BROWSERS, people, |query, person| query
        .bind(*person));
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    Ok(found)
}

pub(super) async fn queue(
    tx: &mut Tx,
    messages: &[(&str, &Browser)],
    now: Millis,
    expires_at: Millis,
) -> sqlx::Result<()> {
    write_many!(tx, QUEUE, 8, "", messages, |query, message| query
        .bind(crate::id::unique())
        .bind(&message.1.person_id)
        .bind(&message.1.id)
        .bind(message.0)
        .bind("waiting")
        .bind(0_i64)
        .bind(now)
        .bind(expires_at));
    Ok(())
}

pub(super) async fn any_due(tx: &mut Tx, now: Millis) -> sqlx::Result<bool> {
    let due: i64 = on!(tx, c => sqlx::query_scalar(ANY_DUE).bind(now).fetch_one(c))?;
    Ok(due > 0)
}

pub(super) async fn give_up_old(tx: &mut Tx, now: Millis) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(GIVE_UP_OLD).bind(now))
}

/// A message that is due.
#[derive(sqlx::FromRow)]
pub(super) struct DueRow {
    pub(super) id: String,
    subscription_id: SubscriptionId,
    tries: i64,
    pub(super) due_at: Millis,
    expires_at: Millis,
    #[sqlx(try_from = "String")]
    kind: NoticeKind,
    endpoint: String,
    p256dh: String,
    auth: String,
    lang: String,
}

impl DueRow {
    pub(super) fn try_into_outgoing(self, now: Millis) -> Result<Outgoing, Error> {
        let lang = match self.lang.as_str() {
            "zh" => Lang::Zh,
            "en" => Lang::En,
            _ => {
                let (table, detail) = ("push_subscriptions", "a language that is none".to_owned());
                return Err(Fault::BrokenRow { table, detail }.into());
            }
        };
        Ok(Outgoing {
            id: self.id,
            subscription_id: self.subscription_id,
            subscription: Subscription {
                endpoint: self.endpoint,
                p256dh: self.p256dh,
                auth: self.auth,
                lang,
            },
            kind: self.kind,
            tries: self.tries,
            ttl_s: (self.expires_at.since(now) / 1000).max(0),
        })
    }
}

pub(super) async fn due(tx: &mut Tx, now: Millis, limit: i64) -> sqlx::Result<Vec<DueRow>> {
    on!(tx, c => sqlx::query_as(DUE).bind(now).bind(limit).fetch_all(c))
}

pub(super) async fn lease(tx: &mut Tx, id: &str, seen: Millis, until: Millis) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(LEASE).bind(id).bind(seen).bind(until))
}

pub(super) async fn settle(tx: &mut Tx, id: &str, state: &str, now: Millis) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(SETTLE).bind(id).bind(state).bind(now))
}

pub(super) async fn retry(tx: &mut Tx, id: &str, tries: i64, due_at: Millis) -> sqlx::Result<u64> {
    rows!(tx, sqlx::query(RETRY).bind(id).bind(tries).bind(due_at))
}
