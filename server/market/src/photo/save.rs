//! Keeping a photo, and finding it again.

use super::{Photo, store};
use crate::{Error, Market, PersonId, PhotoId, Refusal, db::Tx, people::Person};

/// Where photos are shown.
const PATH: &str = "/photo/";

impl Market {
    /// Keeps a photo of `owner`; shown under `/photo/{id}`.
    ///
    /// # Errors
    /// `NotYours` when `owner` has no role.
    pub async fn save_photo(
        &self,
        owner: &Person,
        media_type: &str,
        width: i64,
        height: i64,
        bytes: &[u8],
    ) -> Result<PhotoId, Error> {
        if owner.roles.is_empty() {
            return Err(Refusal::NotYours.into());
        }
        let photo = Photo {
            media_type: media_type.into(),
            width,
            height,
            bytes: bytes.into(),
        };
        let mut tx = self.db.write().await?;
        let id = store::add(&mut tx, &owner.id, &photo, self.now()).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The photo with this id.
    ///
    /// # Errors
    /// When the database does not answer or holds something that is no base64.
    pub async fn load_photo(&self, id: &PhotoId) -> Result<Option<Photo>, Error> {
        store::load(&mut self.db.glance().await?, id).await
    }
}

/// Whether `path` is `/photo/{id}` of a photo that `person` uploaded.
pub(crate) async fn is_theirs(tx: &mut Tx, person: &PersonId, path: &str) -> Result<bool, Error> {
    match path.strip_prefix(PATH) {
        Some(id) => Ok(store::is_of(tx, &PhotoId(id.to_owned()), person).await?),
        None => Ok(false),
    }
}
