//! Secrets at rest: sealed with a key that lies beside the data, never in the database.

use super::{Error, Random, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use std::{fmt, fs, io::Write as _, path::Path};

const FILE: &str = "encryption.key";
const NONCE: usize = 24;

#[derive(Clone)]
pub struct Secrets {
    cipher: XChaCha20Poly1305,
    random: Random,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Reads the key from the data folder, or makes one there at the first start. Only its owner
    /// may read the file; without it sealed values are lost, so it belongs into the backup.
    pub fn open(data: &Path, random: Random) -> Result<Self> {
        make_private(data)?;
        let path = data.join(FILE);
        let key = match fs::read_to_string(&path) {
            Ok(text) => STANDARD_NO_PAD
                .decode(text.trim())
                .ok()
                .and_then(|key| <[u8; 32]>::try_from(key).ok())
                .ok_or(Error::Secrets(
                    "encryption.key is not a key; restore it from a backup",
                ))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut key = [0; 32];
                random.fill(&mut key);
                write_private(&path, &STANDARD_NO_PAD.encode(key))?;
                key
            }
            Err(error) => return Err(error.into()),
        };
        Ok(Self {
            cipher: XChaCha20Poly1305::new(Key::from_slice(&key)),
            random,
        })
    }

    /// Seals a value for one place; `place` (a table and an id) is bound to it, so that a sealed
    /// value cannot be moved to another row.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<String> {
        let mut sealed = vec![0; NONCE];
        self.random.fill(&mut sealed);
        let nonce = XNonce::clone_from_slice(&sealed);
        let text = self
            .cipher
            .encrypt(
                &nonce,
                Payload {
                    msg: plain,
                    aad: place.as_bytes(),
                },
            )
            .map_err(|_| Error::Secrets("a value could not be sealed"))?;
        sealed.extend(text);
        Ok(STANDARD_NO_PAD.encode(sealed))
    }

    pub fn unseal(&self, place: &str, sealed: &str) -> Result<Vec<u8>> {
        const BAD: Error =
            Error::Secrets("a sealed value does not open; is encryption.key the one it was made with?");
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| BAD)?;
        if bytes.len() < NONCE {
            return Err(BAD);
        }
        let (nonce, text) = bytes.split_at(NONCE);
        self.cipher
            .decrypt(
                XNonce::from_slice(nonce),
                Payload {
                    msg: text,
                    aad: place.as_bytes(),
                },
            )
            .map_err(|_| BAD)
    }
}

/// Makes a folder that only its owner may look into: everything people wrote lies below it. One
/// that is there already stays as its owner has it.
pub fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_at_its_place_alone() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(folder.path(), Random::seeded(1)).unwrap();
        let sealed = secrets.seal("sessions/1", b"credentials").unwrap();
        let again = Secrets::open(folder.path(), Random::seeded(2)).unwrap();
        assert_eq!(again.unseal("sessions/1", &sealed).unwrap(), b"credentials");
        assert!(again.unseal("sessions/2", &sealed).is_err());
        assert!(!sealed.contains("credentials"));
    }
}
