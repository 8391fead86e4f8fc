//! A certificate that somebody else keeps: certbot, an operator, a platform.

use super::{Shelf, TlsError};
use crate::timers::gone;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;

/// How often the files are looked at. They are small, and a renewed certificate has weeks of time.
const LOOK: Duration = Duration::from_secs(2);

/// Reads certificate and key, and takes in what they become until the server goes.
///
/// # Errors
/// When they cannot be read, or used, now. What goes wrong later is logged, and what was in force stays.
pub(crate) fn watch(
    shelf: Arc<Shelf>,
    chain: PathBuf,
    key: PathBuf,
    mut closing: watch::Receiver<bool>,
) -> Result<impl Future<Output = ()> + Send, TlsError> {
    let mut known = read(&chain, &key)?;
    shelf
        .put(&known.0, &known.1)
        .map_err(|error| format!("{} and {}: {error}", chain.display(), key.display()))?;
    Ok(async move {
        loop {
            tokio::select! {
                () = gone(&mut closing) => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            let found = match read(&chain, &key) {
                Ok(found) if found == known => continue,
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(%error, "the certificate cannot be read: the one before stays");
                    continue;
                }
            };
            match shelf.put(&found.0, &found.1) {
                Ok(()) => tracing::info!("another certificate is in force"),
                // perhaps only one of the two is written yet: looked at again
                Err(error) => tracing::warn!(%error, "the certificate cannot be used: the one before stays"),
            }
            known = found;
        }
    })
}

fn read(chain: &Path, key: &Path) -> Result<(Vec<u8>, Vec<u8>), TlsError> {
    let text = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    Ok((text(chain)?, text(key)?))
}
