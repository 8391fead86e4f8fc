//! Which certificate a handshake is answered with.

use super::TlsError;
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// What an authority asks for when it proves a name (RFC 8737 §6.2).
pub(crate) const ACME_ALPN: &[u8] = b"acme-tls/1";

/// The certificate in force, and those that prove names.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    current: RwLock<Option<Arc<CertifiedKey>>>,
    proofs: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

impl Shelf {
    /// From now on handshakes are answered with this chain.
    ///
    /// # Errors
    /// When it does not parse, or chain and key do not belong together; what was in force stays.
    pub(crate) fn put(&self, chain_pem: &[u8], key_pem: &[u8]) -> Result<(), TlsError> {
        let certified = certified(chain_pem, key_pem)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(certified));
        Ok(())
    }

    /// Proves `name` with this certificate until it is taken away.
    ///
    /// # Errors
    /// When it does not parse.
    pub(super) fn prove(&self, name: &str, chain_pem: &[u8], key_pem: &[u8]) -> Result<(), TlsError> {
        // not looked into: what proves a name has an extension that only the authority understands
        let (chain, key) = read(chain_pem, key_pem)?;
        let key = ring::default_provider().key_provider.load_private_key(key)?;
        let certified = Arc::new(CertifiedKey::new(chain, key));
        let mut proofs = self.proofs.write().unwrap_or_else(PoisonError::into_inner);
        proofs.insert(name.to_ascii_lowercase(), certified);
        Ok(())
    }

    /// Nothing is proven any more.
    pub(super) fn forget_proofs(&self) {
        self.proofs.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Settings for handshakes.
    ///
    /// # Errors
    /// When the ciphers do not fit the versions.
    pub(crate) fn config(self: &Arc<Self>) -> Result<ServerConfig, TlsError> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(self) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec(), ACME_ALPN.to_vec()];
        Ok(config)
    }
}

impl ResolvesServerCert for Shelf {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let proves = hello
            .alpn()
            .is_some_and(|mut offered| offered.any(|name| name == ACME_ALPN));
        if proves {
            let proofs = self.proofs.read().unwrap_or_else(PoisonError::into_inner);
            return proofs.get(&hello.server_name()?.to_ascii_lowercase()).cloned();
        }
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn certified(chain_pem: &[u8], key_pem: &[u8]) -> Result<CertifiedKey, TlsError> {
    let (chain, key) = read(chain_pem, key_pem)?;
    // says so when the key is another certificate's
    Ok(CertifiedKey::from_der(chain, key, &ring::default_provider())?)
}

type Chain = Vec<CertificateDer<'static>>;

fn read(chain_pem: &[u8], key_pem: &[u8]) -> Result<(Chain, PrivateKeyDer<'static>), TlsError> {
    let chain: Chain = CertificateDer::pem_slice_iter(chain_pem).collect::<Result<_, _>>()?;
    if chain.is_empty() {
        return Err("there is no certificate in it".into());
    }
    Ok((chain, PrivateKeyDer::from_pem_slice(key_pem)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_used_comes_into_force() {
        let made = || rcgen::generate_simple_self_signed(["localhost".into()]).expect("a certificate");
        let (one, other) = (made(), made());
        let shelf = Shelf::default();
        let key = one.signing_key.serialize_pem();
        shelf.put(one.cert.pem().as_bytes(), key.as_bytes()).expect("it fits");
        let before = shelf.current.read().expect("no panic").clone();
        assert!(shelf.put(other.cert.pem().as_bytes(), key.as_bytes()).is_err());
        assert!(shelf.put(b"", key.as_bytes()).is_err());
        assert!(shelf.put(one.cert.pem().as_bytes(), b"half a fi").is_err());
        let after = shelf.current.read().expect("no panic").clone();
        assert!(before.zip(after).is_some_and(|(a, b)| Arc::ptr_eq(&a, &b)));
    }
}
