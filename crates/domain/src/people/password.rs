//! Passwords: argon2id with OWASP's parameters, a bounded number at a time.

use crate::{Error, Random, Result, orgs::fields::bad};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use std::sync::Arc;
use tokio::sync::Semaphore;
use types::{AppError, FieldError};

/// One takes 19 MiB and a core for some 20 ms: two leave room for everything else.
const AT_ONCE: usize = 2;
/// Running and waiting together; who comes later is told to come back.
const MOST: usize = 64;

/// Belongs to nobody, so that an unknown e-mail takes as long as a wrong password.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[derive(Clone)]
pub struct Passwords {
    random: Random,
    running: Arc<Semaphore>,
    queue: Arc<Semaphore>,
}

impl Passwords {
    pub fn new(random: Random) -> Self {
        Self {
            random,
            running: Arc::new(Semaphore::new(AT_ONCE)),
            queue: Arc::new(Semaphore::new(MOST)),
        }
    }

    pub async fn hash(&self, password: String) -> Result<String> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        self.run(move || {
            let salt = SaltString::encode_b64(&salt).map_err(|_| Error::Secrets("a salt was refused"))?;
            let hash = argon2()?.hash_password(password.as_bytes(), &salt);
            Ok(hash
                .map_err(|_| Error::Secrets("a password could not be hashed"))?
                .to_string())
        })
        .await
    }

    /// Whether the password is the one behind `hash`; without one, no password is.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or(NOBODYS);
            let hash = PasswordHash::new(hash).map_err(|_| Error::Damaged("a password's hash"))?;
            Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let busy = || Error::App(AppError::Busy { retry_after: 2 });
        let queued = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| busy())?;
        let running = Arc::clone(&self.running)
            .acquire_owned()
            .await
            .map_err(|_| busy())?;
        tokio::task::spawn_blocking(move || {
            // Held here, so that a caller who went away still counts while the work goes on.
            let _held = (queued, running);
            work()
        })
        .await
        .map_err(|_| Error::Secrets("the hashing of a password broke off"))?
    }
}

/// 12 to 128 characters, of any kind: length is what helps.
pub fn check(field: &str, password: &str) -> Result<(), FieldError> {
    match password.chars().count() {
        12..=128 => Ok(()),
        0..12 => Err(bad(field, "Use at least 12 characters, for example four words")),
        _ => Err(bad(field, "Use at most 128 characters")),
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1_024, 2, 1, None).map_err(|_| Error::Secrets("the hashing parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_alone() {
        let passwords = Passwords::new(Random::seeded(1));
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(
            passwords
                .verify("correct horse battery".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("correct horse batterY".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!passwords.verify(String::new(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_crowd_is_told_to_come_back() {
        let passwords = Passwords::new(Random::seeded(1));
        let crowd = (0..MOST + 10).map(|_| passwords.verify("x".into(), None));
        let answers = futures::future::join_all(crowd).await;
        let busy = answers
            .iter()
            .filter(|a| matches!(a, Err(Error::App(AppError::Busy { .. }))))
            .count();
        assert_eq!(busy, 10);
    }

    #[test]
    fn lengths_are_counted_in_characters() {
        assert!(check("password", &"é".repeat(12)).is_ok());
        assert!(check("password", &"é".repeat(128)).is_ok());
        assert_eq!(check("password", "short").unwrap_err().field, "password");
        assert_eq!(check("password", &"x".repeat(129)).unwrap_err().field, "password");
    }
}
