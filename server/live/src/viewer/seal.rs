//! SRTP for what goes out (RFC 3711, RFC 7714). AEAD_AES_128_GCM, which every
//! browser offers, is sealed in the send buffer itself: no copy, no allocation.
//! AES_CM_128_HMAC_SHA1_80 goes through the stack's own context.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use rtc::crypto::{BlockCipherAlgorithm, RTCCrypto};
use rtc::shared::error::{Error, Result};
use rtc::srtp::context::Context;

const KEY: usize = 16;
const SALT: usize = 12;
/// Key derivation labels (RFC 3711 §4.3.2).
const LABEL_KEY: u8 = 0;
const LABEL_SALT: u8 = 2;

/// A packet's place in its stream: 32 bits of turns, 16 of sequence number.
pub(super) type Index = u64;

/// Seals outgoing packets. The usual cipher's keys lie in the feed itself: a
/// pointer would cost every packet a cache miss.
#[allow(clippy::large_enum_variant)]
pub(super) enum Seal {
    Gcm(Gcm),
    /// Anything else that was agreed on.
    Other(Box<Context>),
}

pub(super) struct Gcm {
    key: LessSafeKey,
    salt: [u8; SALT],
}

impl Gcm {
    /// From the master key and salt of the handshake.
    ///
    /// # Errors
    /// When they have not the cipher's lengths.
    pub(super) fn new(crypto: &dyn RTCCrypto, master_key: &[u8], master_salt: &[u8]) -> Result<Self> {
        let key: [u8; KEY] = derive(crypto, LABEL_KEY, master_key, master_salt)?;
        let salt: [u8; KEY] = derive(crypto, LABEL_SALT, master_key, master_salt)?;
        let key = UnboundKey::new(&AES_128_GCM, &key).map_err(|e| Error::Crypto(e.to_string()))?;
        Ok(Self {
            key: LessSafeKey::new(key),
            salt: std::array::from_fn(|at| salt[at]),
        })
    }

    /// RFC 7714 §8.1: two zero bytes, SSRC, turns and number, under the salt.
    fn nonce(&self, ssrc: u32, index: Index) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
        nonce[6..].copy_from_slice(&index.to_be_bytes()[2..]);
        for (byte, salt) in nonce.iter_mut().zip(self.salt) {
            *byte ^= salt;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

/// The AES-CM key derivation of RFC 3711 §4.3.3, of which a block is enough here.
fn derive(crypto: &dyn RTCCrypto, label: u8, master_key: &[u8], master_salt: &[u8]) -> Result<[u8; KEY]> {
    if master_key.len() != KEY || master_salt.len() != SALT {
        return Err(Error::SrtpMasterKeyLength(KEY, master_key.len()));
    }
    let mut block = [0; KEY];
    block[..SALT].copy_from_slice(master_salt);
    block[7] ^= label;
    crypto
        .block_encrypt(BlockCipherAlgorithm::Aes128, master_key, &mut block)
        .map_err(|e| Error::Crypto(e.to_string()))?;
    Ok(block)
}

impl Seal {
    /// Seals the packet that begins at `start` and has `header` bytes before
    /// its payload. Whoever calls it never gives two different packets one
    /// `ssrc` and `index`: the secrecy of all of them hangs on that.
    pub(super) fn seal(&mut self, bytes: &mut Vec<u8>, start: usize, header: usize, ssrc: u32, index: Index) -> bool {
        match self {
            Self::Gcm(gcm) => {
                let nonce = gcm.nonce(ssrc, index);
                let (aad, payload) = bytes[start..].split_at_mut(header);
                let tag = gcm.key.seal_in_place_separate_tag(nonce, Aad::from(aad), payload);
                tag.map(|tag| bytes.extend_from_slice(tag.as_ref())).is_ok()
            }
            Self::Other(context) => match context.encrypt_rtp(&bytes[start..]) {
                Ok(sealed) => {
                    bytes.truncate(start);
                    bytes.extend_from_slice(&sealed);
                    true
                }
                Err(_) => false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc::crypto::default_provider;
    use rtc::srtp::protection_profile::ProtectionProfile;

    /// What is sealed here is opened by the stack's receiver, over a turn of the numbers.
    #[test]
    fn the_stack_opens_it() {
        let provider = default_provider().unwrap();
        let (key, salt) = ([7; KEY], [9; SALT]);
        let mut seal = Seal::Gcm(Gcm::new(provider.crypto(), &key, &salt).unwrap());
        let profile = ProtectionProfile::AeadAes128Gcm;
        let mut open = Context::new(&key, &salt, profile, None, None, provider.crypto()).unwrap();
        for index in 65_530u64..65_545 {
            let [.., high, low] = index.to_be_bytes();
            let mut bytes = b"before".to_vec();
            bytes.extend([0x80, 96, high, low, 0, 0, 0, 1, 0, 0, 0, 5]);
            bytes.extend(b"a picture");
            assert!(seal.seal(&mut bytes, 6, 12, 5, index));
            assert_eq!(bytes.len(), 6 + 12 + 9 + 16);
            let opened = open.decrypt_rtp(&bytes[6..]).unwrap();
            assert_eq!(&opened[12..], b"a picture", "{index}");
        }
    }

    #[test]
    fn keys_of_a_wrong_length_are_refused() {
        let provider = default_provider().unwrap();
        assert!(Gcm::new(provider.crypto(), &[1; 15], &[2; SALT]).is_err());
        assert!(Gcm::new(provider.crypto(), &[1; KEY], &[2; 14]).is_err());
    }
}
