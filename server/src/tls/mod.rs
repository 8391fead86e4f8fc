//! HTTPS. Cameras open only on secure origins, so a farmer's phone needs it even in the house.
//!
//! - `shelf` the certificate in force, and those that prove our name to an authority;
//! - `listener` handshakes, beside the accepting and not in its way;
//! - where certificates come from: `files` that somebody else keeps, `lan` (an authority of our own,
//!   for one house), `acme` (an authority everybody knows, RFC 8555 with TLS-ALPN-01, RFC 8737).
//!
//! Who may enter: `run`. Invariant: a key is written only where this user alone may read it, and a
//! certificate that cannot be used never replaces one that can.

mod acme;
mod files;
mod kept;
mod lan;
mod listener;
mod shelf;

use crate::config::Config;
use acme::Acme;
use lan::Lan;
pub(crate) use lan::{addresses, origin};
pub(crate) use listener::{Peer, TlsListener};
use market::Market;
pub(crate) use shelf::Shelf;
use std::{net::IpAddr, path::Path, sync::Arc};
use tokio::{sync::watch, task::JoinSet};

/// Why there is no certificate.
pub type TlsError = Box<dyn std::error::Error + Send + Sync>;

/// Certificates that are kept up, and whom they come from.
pub(crate) struct Kept {
    pub(crate) shelf: Arc<Shelf>,
    /// The house's authority, where it is ours.
    pub(crate) authority: Option<Arc<str>>,
}

/// Begins to keep the certificates that `config` asks for, with the data in `folder`; none when the
/// site is served without HTTPS.
///
/// # Errors
/// When there is no certificate and none can be made.
pub(crate) fn keep(
    config: &Config,
    folder: &Path,
    listening: IpAddr,
    market: &Market,
    closing: &watch::Receiver<bool>,
    tasks: &mut JoinSet<()>,
) -> Result<Option<Kept>, TlsError> {
    let https = &config.https;
    let shelf = Arc::new(Shelf::default());
    let mut authority = None;
    if https.lan {
        let lan = Arc::new(Lan::open(&folder.join("tls"), lan::now(market))?);
        authority = Some(lan.pem().into());
        tasks.spawn(lan.keep(Arc::clone(&shelf), listening, market.clone(), closing.clone())?);
    } else if let (Some(chain), Some(key)) = (&https.tls_cert, &https.tls_key) {
        tasks.spawn(files::watch(
            Arc::clone(&shelf),
            chain.clone(),
            key.clone(),
            closing.clone(),
        )?);
    } else if !https.acme_domain.is_empty() {
        let acme = Acme {
            domains: https.acme_domain.clone(),
            directory: https.acme_directory.to_string(),
            email: https.acme_email.clone(),
            root: https.acme_root.clone(),
            folder: folder.join("tls/acme"),
        };
        tasks.spawn(acme.keep(Arc::clone(&shelf), market.clone(), closing.clone()));
    } else {
        return Ok(None);
    }
    Ok(Some(Kept { shelf, authority }))
}
