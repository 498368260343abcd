//! Sealing bytes under a key that lives in memory only.

use bytes::Bytes;
use chacha20poly1305::aead::AeadInPlace;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};

use crate::StartError;

/// Bytes of a nonce; at this length random ones do not meet (XChaCha20).
const NONCE: usize = 24;

/// Bytes of the tag that proves that nothing was changed.
const TAG: usize = 16;

/// The key of this run. It is never written, and wiped when it is dropped.
pub(crate) struct Seal(XChaCha20Poly1305);

impl Seal {
    /// A fresh random key.
    pub(crate) fn new() -> Result<Self, StartError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(|_| StartError::Random)?;
        let seal = Self(XChaCha20Poly1305::new(&key.into()));
        key.fill(0);
        Ok(seal)
    }

    /// Nonce, sealed bytes, tag. `None` of the bytes can be read without the key; `binding` must be the same at opening.
    pub(crate) fn close(&self, binding: &str, plain: &[u8]) -> Result<Vec<u8>, StartError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|_| StartError::Random)?;
        let mut sealed = Vec::with_capacity(NONCE + plain.len() + TAG);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self
            .0
            .encrypt_in_place_detached(XNonce::from_slice(&nonce), binding.as_bytes(), &mut sealed[NONCE..])
            // Only more than 256 GiB in one object is refused.
            .map_err(|_| StartError::Random)?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// The bytes again; `None` when they, their name or their identity are not those that were sealed.
    pub(crate) fn open(&self, binding: &str, mut sealed: Vec<u8>) -> Option<Bytes> {
        let end = sealed.len().checked_sub(TAG).filter(|end| *end >= NONCE)?;
        let (head, tag) = sealed.split_at_mut(end);
        let (nonce, body) = head.split_at_mut(NONCE);
        self.0
            .decrypt_in_place_detached(
                XNonce::from_slice(nonce),
                binding.as_bytes(),
                body,
                Tag::from_slice(tag),
            )
            .ok()?;
        Some(Bytes::from(sealed).slice(NONCE..end))
    }
}

/// A name that says nothing: 32 hexadecimal digits.
pub(crate) fn random_name() -> Result<String, StartError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| StartError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
