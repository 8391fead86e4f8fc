//! Sessions: a cookie with a random name, its record in the same database as everything else.
//!
//! SameSite=Lax, so that a link from a chat app arrives signed in; forms are protected by `guard`.
//! The record holds a person's id, nothing more; roles are read afresh with every request.

use async_trait::async_trait;
use market::{PersonId, db::Db};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{ExpiredDeletion, Result},
};
use tower_sessions_sqlx_store::{PostgresStore, SqliteStore};

/// The session's entry that holds who is signed in.
const PERSON: &str = "person";
/// A session that is not used for this long is forgotten.
const LIFE: time::Duration = time::Duration::days(30);

/// Session records beside the market's tables.
#[derive(Debug, Clone)]
pub enum Sessions {
    /// In the SQLite file.
    Sqlite(SqliteStore),
    /// In PostgreSQL.
    Postgres(PostgresStore),
}

impl Sessions {
    /// The records in `db`; their table is made when it is not there.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn open(db: &Db) -> sqlx::Result<Self> {
        match db {
            Db::Sqlite { read, .. } => {
                let store = SqliteStore::new(read.clone());
                store.migrate().await?;
                Ok(Sessions::Sqlite(store))
            }
            Db::Postgres(pool) => {
                let store = PostgresStore::new(pool.clone());
                store.migrate().await?;
                Ok(Sessions::Postgres(store))
            }
        }
    }

    /// Forgets the records that are past their life.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_expired(&self) -> Result<()> {
        match self {
            Sessions::Sqlite(store) => store.delete_expired().await,
            Sessions::Postgres(store) => store.delete_expired().await,
        }
    }

    /// The layer that reads and writes the cookie.
    pub fn layer(self, secure: bool) -> SessionManagerLayer<Self> {
        SessionManagerLayer::new(self)
            .with_name("tiantou")
            .with_secure(secure)
            .with_http_only(true)
            .with_same_site(SameSite::Lax)
            .with_expiry(Expiry::OnInactivity(LIFE))
    }
}

/// Signs many people in at once, at `now`, and answers their cookies: for measuring. Their records
/// are written without waiting for the disk.
pub(crate) async fn sign_many_in(
    db: &Db,
    people: &[market::people::Person],
    now: market::Millis,
) -> std::result::Result<Vec<String>, crate::run::StartError> {
    use sqlx::sqlite::{SqlitePoolOptions, SqliteSynchronous};
    let sessions = match db {
        Db::Sqlite { read, .. } => {
            let hurried = (*read.connect_options()).clone().synchronous(SqliteSynchronous::Off);
            let pool = SqlitePoolOptions::new()
                .max_connections(1)
                .connect_with(hurried)
                .await?;
            Sessions::Sqlite(SqliteStore::new(pool))
        }
        Db::Postgres(pool) => Sessions::Postgres(PostgresStore::new(pool.clone())),
    };
    let until = time::OffsetDateTime::from_unix_timestamp(now.0 / 1000)? + LIFE;
    let mut cookies = Vec::with_capacity(people.len());
    for person in people {
        let record = Record {
            id: Id::default(),
            data: [(PERSON.to_owned(), serde_json::to_value(&person.id)?)].into(),
            expiry_date: until,
        };
        sessions.save(&record).await?;
        cookies.push(format!("tiantou={}", record.id));
    }
    Ok(cookies)
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        match self {
            Sessions::Sqlite(store) => store.create(record).await,
            Sessions::Postgres(store) => store.create(record).await,
        }
    }
    async fn save(&self, record: &Record) -> Result<()> {
        match self {
            Sessions::Sqlite(store) => store.save(record).await,
            Sessions::Postgres(store) => store.save(record).await,
        }
    }
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        match self {
            Sessions::Sqlite(store) => store.load(id).await,
            Sessions::Postgres(store) => store.load(id).await,
        }
    }
    async fn delete(&self, id: &Id) -> Result<()> {
        match self {
            Sessions::Sqlite(store) => store.delete(id).await,
            Sessions::Postgres(store) => store.delete(id).await,
        }
    }
}

/// Who is signed in, by the session.
pub(crate) async fn person_id(session: &tower_sessions::Session) -> Option<PersonId> {
    match session.get::<PersonId>(PERSON).await {
        Ok(id) => id,
        Err(error) => {
            tracing::warn!(%error, "a session could not be read");
            None
        }
    }
}

/// Signs somebody in; the cookie's name is drawn anew, so that one planted before is worth nothing.
pub(crate) async fn begin(
    session: &tower_sessions::Session,
    person: &PersonId,
) -> std::result::Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.insert(PERSON, person).await
}

/// Signs out; the record is deleted, so that a copy of the cookie is worth nothing.
pub(crate) async fn end(session: &tower_sessions::Session) -> std::result::Result<(), tower_sessions::session::Error> {
    session.flush().await
}
