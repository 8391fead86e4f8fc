//! A certificate that every phone trusts, from an authority that speaks ACME (RFC 8555), as Let's
//! Encrypt does. The name is proven on the port the site is served on (TLS-ALPN-01, RFC 8737): no
//! other port need be open.
//!
//! Account, key and certificate are kept beside the data. They are this server's own: several servers
//! behind one name need a certificate from elsewhere (`TIANTOU_TLS_CERT`), because a proof asked of
//! one may be looked for at another.

use super::{Shelf, TlsError, kept};
use crate::timers::gone;
use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order, OrderStatus, RetryPolicy,
};
use market::Market;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::watch;
use x509_parser::parse_x509_certificate;

/// How often the certificate's age is looked at.
const LOOK: Duration = Duration::from_secs(3600);
/// After a failure, and doubled after each further one: authorities count failed orders by the hour.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 3600);
/// An authority may take its time to look.
const PROOF: RetryPolicy = RetryPolicy::new()
    .initial_delay(Duration::from_millis(500))
    .backoff(1.5)
    .timeout(Duration::from_secs(90));

/// What is asked of whom.
#[derive(Debug, Clone)]
pub(super) struct Acme {
    /// The site's names.
    pub domains: Vec<String>,
    /// The authority's directory.
    pub directory: String,
    /// Where it may write to when something is wrong.
    pub email: Option<String>,
    /// A PEM file with the certificate to know the authority by, instead of the system's.
    pub root: Option<PathBuf>,
    /// Where account, key and certificate are kept.
    pub folder: PathBuf,
}

impl Acme {
    /// Puts the kept certificate on the shelf, asks for one when there is none or a third of its life is
    /// left, and goes on so until the server goes.
    pub(crate) async fn keep(self, shelf: Arc<Shelf>, market: Market, mut closing: watch::Receiver<bool>) {
        let mut pause = FIRST_PAUSE;
        let mut renew_at = match self.kept(&shelf) {
            Ok(renew_at) => renew_at,
            Err(error) => {
                tracing::warn!(%error, "the kept certificate cannot be used");
                None
            }
        };
        loop {
            let due = renew_at.is_none_or(|at| market.now().0 / 1000 >= at);
            let wait = if due {
                match self.order(&shelf).await {
                    Ok(at) => {
                        tracing::info!(domains = ?self.domains, "a new certificate is in force");
                        (renew_at, pause) = (Some(at), FIRST_PAUSE);
                        LOOK
                    }
                    Err(error) => {
                        tracing::error!(%error, domains = ?self.domains, again_in = ?pause, "no certificate");
                        let longer = (pause * 2).min(LONGEST_PAUSE);
                        std::mem::replace(&mut pause, longer)
                    }
                }
            } else {
                LOOK
            };
            tokio::select! {
                () = gone(&mut closing) => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Puts the kept certificate in force, if it is for these names; when to renew it, seconds since 1970.
    fn kept(&self, shelf: &Shelf) -> Result<Option<i64>, TlsError> {
        let names = kept::read(&self.folder.join("names"))?;
        if names.as_deref() != Some(&self.domains.join(" ")) {
            return Ok(None);
        }
        let (chain, key) = (
            kept::read(&self.folder.join("certificate.pem"))?,
            kept::read(&self.folder.join("key.pem"))?,
        );
        let Some((chain, key)) = chain.zip(key) else {
            return Ok(None);
        };
        shelf.put(chain.as_bytes(), key.as_bytes())?;
        renew_at(&chain).map(Some)
    }

    async fn order(&self, shelf: &Shelf) -> Result<i64, TlsError> {
        kept::folder(&self.folder)?;
        let account = self.account().await?;
        let names: Vec<Identifier> = self.domains.iter().cloned().map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        let proven = prove(&mut order, shelf).await;
        shelf.forget_proofs();
        proven?;
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&PROOF).await?;
        let renew_at = renew_at(&chain)?;
        shelf.put(chain.as_bytes(), key.as_bytes())?;
        kept::write(&self.folder.join("key.pem"), key.as_bytes())?;
        kept::write(&self.folder.join("certificate.pem"), chain.as_bytes())?;
        kept::write(&self.folder.join("names"), self.domains.join(" ").as_bytes())?;
        Ok(renew_at)
    }

    /// The account kept for this authority; one is opened when there is none.
    async fn account(&self) -> Result<Account, TlsError> {
        let builder = || match &self.root {
            Some(root) => Account::builder_with_root(root),
            None => Account::builder(),
        };
        let file = self.folder.join("account.json");
        if let Some(text) = kept::read(&file)? {
            let kept: serde_json::Value = serde_json::from_str(&text)?;
            if kept["directory"] == self.directory.as_str() {
                return Ok(builder()?.from_credentials(serde_json::from_value(kept)?).await?);
            }
        }
        let contact = self.email.as_ref().map(|email| format!("mailto:{email}"));
        let new = NewAccount {
            contact: &contact.iter().map(String::as_str).collect::<Vec<_>>(),
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let (account, credentials) = builder()?.create(&new, self.directory.clone(), None).await?;
        kept::write(&file, serde_json::to_string(&credentials)?.as_bytes())?;
        Ok(account)
    }
}

/// Lets the authority look at our port for every name it wants proven.
async fn prove(order: &mut Order, shelf: &Shelf) -> Result<(), TlsError> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        match authorization.status {
            AuthorizationStatus::Valid => continue,
            AuthorizationStatus::Pending => {}
            other => return Err(format!("the authority says {other:?} of a name").into()),
        }
        let mut challenge = authorization
            .challenge(ChallengeType::TlsAlpn01)
            .ok_or("the authority does not look at TLS (tls-alpn-01)")?;
        let name = challenge.identifier().to_string();
        let digest = challenge.key_authorization();
        let (chain, key) = proof(&name, digest.digest().as_ref())?;
        shelf.prove(&name, chain.as_bytes(), key.as_bytes())?;
        challenge.set_ready().await?;
    }
    match order.poll_ready(&PROOF).await? {
        OrderStatus::Ready | OrderStatus::Valid => Ok(()),
        other => Err(format!("the authority could not prove the name: {other:?}").into()),
    }
}

/// The certificate that proves `name` (RFC 8737 §3).
fn proof(name: &str, digest: &[u8]) -> Result<(String, String), TlsError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

/// When two thirds of the first certificate's life are over, seconds since 1970.
fn renew_at(chain: &str) -> Result<i64, TlsError> {
    let first = CertificateDer::from_pem_slice(chain.as_bytes())?;
    let (_, certificate) = parse_x509_certificate(&first)?;
    let validity = certificate.validity();
    let (from, until) = (validity.not_before.timestamp(), validity.not_after.timestamp());
    Ok(from + (until - from) / 3 * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_renewed_when_a_third_of_its_life_is_left() {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(["a.example".to_owned()]).expect("a name");
        let begun = time::OffsetDateTime::from_unix_timestamp(1_700_000_000).expect("a time");
        (params.not_before, params.not_after) = (begun, begun + time::Duration::days(90));
        let chain = params.self_signed(&key).expect("a certificate").pem();
        assert_eq!(renew_at(&chain).expect("a time"), 1_700_000_000 + 60 * 86_400);
    }
}
