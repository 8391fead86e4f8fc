//! Who the door is towards viewers: one certificate for the life of the process.

use rtc::crypto::{HashAlgorithm, RTCCrypto, RTCCryptoProvider, default_provider};
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::error::{Error, Result};
use std::sync::Arc;

const REPLAY_WINDOW: usize = 64;

/// Who we are in every handshake.
pub(crate) struct Identity {
    pub(super) provider: Arc<dyn RTCCryptoProvider>,
    pub(super) certificate: Certificate,
    fingerprint: String,
}

impl Identity {
    /// # Errors
    /// When no certificate can be made.
    pub(crate) fn new() -> Result<Self> {
        let provider = default_provider().map_err(|e| Error::Crypto(e.to_string()))?;
        let certificate = Certificate::generate_self_signed(vec!["live".into()], provider.crypto())?;
        let shown = certificate.certificate.first().ok_or(Error::ErrNonCertificate)?;
        Ok(Self {
            fingerprint: fingerprint(provider.crypto(), shown)?,
            certificate,
            provider,
        })
    }

    /// The SHA-256 of our certificate, as `a=fingerprint` writes it.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(crate) fn crypto(&self) -> &dyn RTCCrypto {
        self.provider.crypto()
    }

    /// The settings of a handshake with who shows the certificate `theirs` is
    /// the SHA-256 of.
    ///
    /// # Errors
    /// When they do not fit each other.
    pub(super) fn config(&self, client: bool, theirs: &str) -> Result<Arc<HandshakeConfig>> {
        let (provider, theirs) = (Arc::clone(&self.provider), theirs.to_ascii_uppercase());
        let verify = move |certificates: &[Vec<u8>], _: &[_]| {
            let shown = certificates.first().ok_or(Error::ErrNonCertificate)?;
            match fingerprint(provider.crypto(), shown)? == theirs {
                true => Ok(()),
                false => Err(Error::ErrNoMatchingCertificateFingerprint),
            }
        };
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(&self.provider))
            .with_certificates(vec![self.certificate.clone()])
            // GCM first: it costs under half of the other
            .with_srtp_protection_profiles(vec![
                SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
                SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
            ])
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            // no authority signs these certificates: the fingerprint is the check
            .with_insecure_skip_verify(true)
            .with_verify_peer_certificate(Some(Arc::new(verify)))
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .with_replay_protection_window(REPLAY_WINDOW)
            .build(client, None)?;
        Ok(Arc::new(config))
    }
}

fn fingerprint(crypto: &dyn RTCCrypto, certificate: &[u8]) -> Result<String> {
    let hash = crypto.hash(HashAlgorithm::Sha256, certificate);
    let hash = hash.map_err(|e| Error::Crypto(e.to_string()))?;
    let pairs: Vec<String> = hash.iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(pairs.join(":"))
}
