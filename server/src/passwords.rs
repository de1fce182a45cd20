//! Password hashes: made and checked off the async threads, at most one per core at a time, so
//! that people signing in never slow down people syncing.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::clock::Entropy;
use crate::error::Error;
use crate::metrics::Counter;

/// Memory of one hash, in KiB: OWASP's floor for Argon2id with two passes.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes; one, since the cores are shared among people signing in.
const LANES: u32 = 1;
/// Bytes of salt, drawn anew for each hash.
const SALT_BYTES: usize = 16;
/// Most sign-ins that wait for a core; more are asked to come back.
const WAITING_MAX: usize = 64;

/// A hash no password fits, made with the same parameters: checking a password against it takes as
/// long as against a real one, so that answers do not tell which logins exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$cmVsYWlzLXBlcnNvbm5lIQ$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Makes and checks password hashes.
#[derive(Clone, Debug)]
pub struct Passwords {
    cores: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    checked: Arc<Counter>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { cores: Arc::new(Semaphore::new(cores)), waiting: Arc::default(), checked: Arc::default() }
    }
}

impl Passwords {
    /// Returns the hash to keep of `password`.
    pub async fn hash(&self, password: String, entropy: &Entropy) -> Result<String, Error> {
        let salt: [u8; SALT_BYTES] = entropy.bytes()?;
        self.on_a_core(move || {
            let hash = hasher()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(internal)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Returns whether `password` fits `hash`; with no hash, takes as long and says no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let checked = Arc::clone(&self.checked);
        self.on_a_core(move || {
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY)).map_err(internal)?;
            let fits = hasher()?.verify_password(password.as_bytes(), &hash).is_ok();
            checked.add(1);
            Ok(fits)
        })
        .await
    }

    /// Returns how many passwords were checked, which is what takes time when somebody signs in.
    #[must_use]
    pub fn checks(&self) -> u64 {
        self.checked.get()
    }

    async fn on_a_core<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = Place::take(&self.waiting)?;
        let core = Arc::clone(&self.cores).acquire_owned().await.map_err(internal)?;
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a caller who gives up does not free a core still in use.
            let _core = core;
            work()
        });
        done.await.map_err(internal)?
    }
}

/// A place in the queue for a core, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize) -> Result<Self, Error> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= WAITING_MAX { Err(Error::Unavailable) } else { Ok(place) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hasher() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("password hashing: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse".into(), &Entropy::system()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Correct horse".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_costs_as_much_as_somebody_and_is_never_right() {
        let nobody = Params::try_from(&PasswordHash::new(NOBODY).unwrap()).unwrap();
        assert_eq!((nobody.m_cost(), nobody.t_cost(), nobody.p_cost()), (MEMORY_KIB, PASSES, LANES));
        assert!(!Passwords::default().verify(String::new(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_empties_again() {
        let passwords = Passwords::default();
        let places: Vec<_> = (0..WAITING_MAX).map(|_| Place::take(&passwords.waiting).unwrap()).collect();
        assert!(matches!(passwords.verify(String::new(), None).await, Err(Error::Unavailable)));
        drop(places);
        assert!(passwords.verify(String::new(), None).await.is_ok());
    }
}
