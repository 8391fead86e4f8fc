//! Photos people upload. Whoever decodes them (the server) hands over clean pictures: limited in
//! size, re-encoded, without the place they were taken at.
//!
//! Only people with a role upload: a shop window is not a dump. A photo belongs to who uploaded it
//! and is shown to everybody under `/photo/{id}`.

mod save;
mod store;

pub(crate) use save::is_theirs;

/// A stored photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// `image/jpeg`, `image/webp` …
    pub media_type: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// The file.
    pub bytes: Vec<u8>,
}
