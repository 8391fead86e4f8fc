//! All SQL on photos.

use super::Photo;
use crate::{
    Error, Fault, Millis, PersonId, PhotoId,
    db::{Tx, on, rows},
};
use base64::{Engine, engine::general_purpose::STANDARD};

const ADD: &str = "INSERT INTO photos (id, owner_id, media_type, width, height, bytes, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const LOAD: &str = "SELECT media_type, width, height, bytes FROM photos WHERE id = $1";
const IS_OF: &str = "SELECT COUNT(*) FROM photos WHERE id = $1 AND owner_id = $2";

#[derive(sqlx::FromRow)]
struct PhotoRow {
    media_type: String,
    width: i64,
    height: i64,
    bytes: String,
}

pub(super) async fn add(tx: &mut Tx, owner: &PersonId, photo: &Photo, now: Millis) -> sqlx::Result<PhotoId> {
    let id = PhotoId::new();
    let text = STANDARD.encode(&photo.bytes);
    rows!(
        tx,
        sqlx::query(ADD)
            .bind(&id)
            .bind(owner)
            .bind(&photo.media_type)
            .bind(photo.width)
            .bind(photo.height)
            .bind(&text)
            .bind(now)
    )?;
    Ok(id)
}

pub(super) async fn load(tx: &mut Tx, id: &PhotoId) -> Result<Option<Photo>, Error> {
    let Some(row) = on!(tx, c => sqlx::query_as::<_, PhotoRow>(LOAD).bind(id).fetch_optional(c))? else {
        return Ok(None);
    };
    let bytes = STANDARD.decode(&row.bytes).map_err(|error| Fault::BrokenRow {
        table: "photos",
        detail: format!("{id}: {error}"),
    })?;
    Ok(Some(Photo {
        media_type: row.media_type,
        width: row.width,
        height: row.height,
        bytes,
    }))
}

pub(super) async fn is_of(tx: &mut Tx, id: &PhotoId, owner: &PersonId) -> sqlx::Result<bool> {
    let count: i64 = on!(tx, c => sqlx::query_scalar(IS_OF).bind(id).bind(owner).fetch_one(c))?;
    Ok(count > 0)
}
