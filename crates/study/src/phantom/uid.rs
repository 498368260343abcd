//! Identifiers of the phantoms: derived from words, so that they are the same on every machine and in every run.

use sha2::{Digest, Sha256};

/// A UUID made of a path of words: SHA-256, shortened, with the version (8, own use) and variant bits of RFC 9562.
pub(crate) fn uuid(path: &[&str]) -> u128 {
    let mut digest = Sha256::new();
    digest.update(b"farsight phantom");
    for word in path {
        digest.update(b"/");
        digest.update(word.as_bytes());
    }
    let bytes = digest.finalize();
    let mut value = 0u128;
    for byte in bytes.iter().take(16) {
        value = value << 8 | u128::from(*byte);
    }
    let version = 0xf_u128 << 76;
    let variant = 0x3_u128 << 62;
    (value & !version & !variant) | 0x8_u128 << 76 | 0x2_u128 << 62
}

/// The same as a UID (PS3.5 B.2: `2.25.` and the UUID as a decimal number).
pub(crate) fn text(path: &[&str]) -> String {
    format!("2.25.{}", uuid(path))
}
