//! The text of a key: `sb_`, 8 characters to find and show it by, 43 that keep it secret.

use crate::Random;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// 43 of these carry 256 bits, and a double click selects the whole key.
pub const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
pub const SECRET_LENGTH: usize = 43;
const START: &str = "sb_";
const PREFIX_LENGTH: usize = START.len() + 8;

pub type Digest = [u8; 32];

pub fn generate(random: &Random) -> String {
    format!(
        "{START}{}",
        random.text(BASE62, PREFIX_LENGTH - START.len() + SECRET_LENGTH)
    )
}

/// What the key is found by; `None` when the text cannot be a key.
pub fn prefix(secret: &str) -> Option<&str> {
    let rest = secret.strip_prefix(START)?;
    let fits =
        secret.len() == PREFIX_LENGTH + SECRET_LENGTH && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits { secret.get(..PREFIX_LENGTH) } else { None }
}

pub fn digest(text: &str) -> Digest {
    Sha256::digest(text.as_bytes()).into()
}

/// As the database keeps it: 64 hexadecimal digits.
pub fn hex(digest: &Digest) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub fn hash(text: &str) -> String {
    hex(&digest(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_form() {
        let secret = generate(&Random::seeded(1));
        assert_eq!(secret.len(), 54);
        assert_eq!(prefix(&secret), Some(&secret[..11]));
        for text in [
            "",
            "sb_",
            "sb_é",
            &secret[1..],
            &secret[..53],
            &format!("{secret}x"),
            &secret.replace('_', "-"),
        ] {
            assert_eq!(prefix(text), None, "{text:?}");
        }
    }
}
