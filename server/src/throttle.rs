//! Slows down guessing of passwords: a token bucket per account and place it is tried from, looser
//! ones per account, so that nobody is kept out by guesses from elsewhere, and per place, because a
//! ministry or a workshop is one address. Never locks anyone out for good: a bucket refills, and a
//! right password fills it at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Mutex;

use crate::peer::network_of;

/// Attempts on one account from one place before the wait begins.
const ACCOUNT_BURST: u32 = 8;
/// Time after which one more attempt on an account from one place is allowed.
const ACCOUNT_REFILL_MS: i64 = 10_000;
/// Attempts on one account from all places before the wait begins.
const LOGIN_BURST: u32 = 100;
/// Time after which one more attempt on an account from all places is allowed: a single place never
/// comes near it.
const LOGIN_REFILL_MS: i64 = 2_000;
/// Attempts from one address before the wait begins.
const ADDRESS_BURST: u32 = 60;
/// Time after which one more attempt from an address is allowed.
const ADDRESS_REFILL_MS: i64 = 1_000;
/// Most accounts, and most places, remembered at a time.
const REMEMBERED_MAX: usize = 10_000;

/// Remembers recent attempts to sign in.
#[derive(Debug)]
pub struct SignInThrottle {
    accounts: Mutex<Buckets<(String, IpAddr)>>,
    logins: Mutex<Buckets<String>>,
    addresses: Mutex<Buckets<IpAddr>>,
}

impl Default for SignInThrottle {
    fn default() -> Self {
        Self {
            accounts: Mutex::new(Buckets::new(ACCOUNT_BURST, ACCOUNT_REFILL_MS)),
            logins: Mutex::new(Buckets::new(LOGIN_BURST, LOGIN_REFILL_MS)),
            addresses: Mutex::new(Buckets::new(ADDRESS_BURST, ADDRESS_REFILL_MS)),
        }
    }
}

impl SignInThrottle {
    /// Counts an attempt; when there were too many, returns the milliseconds to wait.
    pub fn attempt(&self, login: &str, address: IpAddr, now_ms: i64) -> Result<(), i64> {
        let (login, place) = (login.to_ascii_lowercase(), network_of(address));
        locked(&self.addresses).take(place, now_ms)?;
        locked(&self.accounts).take((login.clone(), place), now_ms)?;
        locked(&self.logins).take(login, now_ms)
    }

    /// Forgets the attempts on an account, once its password was given.
    pub fn succeeded(&self, login: &str, address: IpAddr, now_ms: i64) {
        let (login, place) = (login.to_ascii_lowercase(), network_of(address));
        locked(&self.logins).levels.remove(&login);
        locked(&self.accounts).levels.remove(&(login, place));
        locked(&self.addresses).give_back(&place, now_ms);
    }
}

/// A panic while the lock was held cannot have left a bucket half changed.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[derive(Debug)]
struct Buckets<K> {
    levels: HashMap<K, Level>,
    burst: u32,
    refill_ms: i64,
}

/// How much of a bucket is used up, in milliseconds of refilling, as of a time.
#[derive(Clone, Copy, Debug)]
struct Level {
    used_ms: i64,
    at_ms: i64,
}

impl Level {
    /// Refills up to `now_ms`; a clock set back refills nothing and adds no wait.
    fn at(self, now_ms: i64) -> Self {
        let elapsed = now_ms.saturating_sub(self.at_ms).max(0);
        Self { used_ms: self.used_ms.saturating_sub(elapsed).max(0), at_ms: now_ms }
    }
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn new(burst: u32, refill_ms: i64) -> Self {
        Self { levels: HashMap::new(), burst, refill_ms }
    }

    fn take(&mut self, key: K, now_ms: i64) -> Result<(), i64> {
        self.make_room(&key, now_ms);
        let level = self.levels.entry(key).or_insert(Level { used_ms: 0, at_ms: now_ms });
        *level = level.at(now_ms);
        let full_ms = i64::from(self.burst) * self.refill_ms;
        let used_ms = level.used_ms + self.refill_ms;
        if used_ms > full_ms {
            return Err(used_ms - full_ms);
        }
        level.used_ms = used_ms;
        Ok(())
    }

    fn give_back(&mut self, key: &K, now_ms: i64) {
        if let Some(level) = self.levels.get_mut(key) {
            *level = level.at(now_ms.saturating_add(self.refill_ms));
            level.at_ms = now_ms;
        }
    }

    /// Forgets refilled buckets, then the fullest one, so that a flood of made-up names cannot make
    /// the server forget the account under attack, nor grow without bound.
    fn make_room(&mut self, key: &K, now_ms: i64) {
        if self.levels.len() < REMEMBERED_MAX || self.levels.contains_key(key) {
            return;
        }
        self.levels.retain(|_, level| level.at(now_ms).used_ms > 0);
        if self.levels.len() >= REMEMBERED_MAX {
            let least_used = self.levels.iter().min_by_key(|(_, level)| level.at(now_ms).used_ms);
            if let Some(key) = least_used.map(|(key, _)| key.clone()) {
                self.levels.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn exhaust(throttle: &SignInThrottle, login: &str, now_ms: i64) {
        for attempt in 0..ACCOUNT_BURST {
            assert_eq!(throttle.attempt(login, HERE, now_ms), Ok(()), "attempt {attempt}");
        }
    }

    #[test]
    fn an_account_waits_after_its_burst_and_then_goes_on() {
        let throttle = SignInThrottle::default();
        exhaust(&throttle, "kenya", 0);
        assert_eq!(throttle.attempt("KENYA", HERE, 0), Err(ACCOUNT_REFILL_MS));
        assert_eq!(throttle.attempt("niger", HERE, 0), Ok(()), "others are not concerned");
        assert_eq!(throttle.attempt("kenya", HERE, ACCOUNT_REFILL_MS - 1), Err(1));
        assert_eq!(throttle.attempt("kenya", HERE, ACCOUNT_REFILL_MS), Ok(()));
    }

    fn elsewhere(number: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(198, 51, 100, number))
    }

    #[test]
    fn guessing_from_elsewhere_does_not_keep_a_person_out() {
        let throttle = SignInThrottle::default();
        for attempt in 0..ACCOUNT_BURST {
            assert_eq!(throttle.attempt("kenya", elsewhere(1), 0), Ok(()), "attempt {attempt}");
        }
        assert_eq!(throttle.attempt("kenya", elsewhere(1), 0), Err(ACCOUNT_REFILL_MS));
        assert_eq!(throttle.attempt("kenya", HERE, 0), Ok(()), "the person’s own place is not concerned");
    }

    #[test]
    fn guessing_from_many_places_is_slowed_down_all_the_same() {
        let throttle = SignInThrottle::default();
        let places = (0..=u8::MAX).flat_map(|number| [elsewhere(number); 4]);
        let taken = places.filter(|place| throttle.attempt("kenya", *place, 0).is_ok()).count();
        assert_eq!(taken, 100);
        assert!(throttle.attempt("kenya", HERE, 0).is_err());
        assert_eq!(throttle.attempt("niger", HERE, 0), Ok(()), "others are not concerned");
        assert_eq!(throttle.attempt("kenya", HERE, 2_000), Ok(()), "nobody is locked out for good");
    }

    #[test]
    fn one_household_of_ipv6_addresses_is_one_place() {
        let throttle = SignInThrottle::default();
        let address = |last: u128| IpAddr::V6((0x2001_0db8_0000_0001_u128 << 64 | last).into());
        for attempt in 0..ACCOUNT_BURST {
            assert_eq!(throttle.attempt("kenya", address(attempt.into()), 0), Ok(()), "attempt {attempt}");
        }
        assert_eq!(throttle.attempt("kenya", address(99), 0), Err(ACCOUNT_REFILL_MS));
        let neighbour = IpAddr::V6((0x2001_0db8_0000_0002_u128 << 64 | 1).into());
        assert_eq!(throttle.attempt("kenya", neighbour, 0), Ok(()));
        let mapped = IpAddr::V6(Ipv4Addr::new(192, 0, 2, 1).to_ipv6_mapped());
        exhaust(&throttle, "niger", 0);
        assert_eq!(throttle.attempt("niger", mapped, 0), Err(ACCOUNT_REFILL_MS), "written either way");
    }

    #[test]
    fn the_right_password_ends_the_wait() {
        let throttle = SignInThrottle::default();
        exhaust(&throttle, "kenya", 0);
        throttle.succeeded("Kenya", HERE, 0);
        exhaust(&throttle, "kenya", 0);
    }

    #[test]
    fn an_address_waits_after_a_larger_burst() {
        let throttle = SignInThrottle::default();
        for person in 0..ADDRESS_BURST {
            assert_eq!(throttle.attempt(&format!("p{person}"), HERE, 0), Ok(()));
        }
        assert_eq!(throttle.attempt("one more", HERE, 0), Err(ADDRESS_REFILL_MS));
        assert_eq!(throttle.attempt("one more", IpAddr::V4(Ipv4Addr::LOCALHOST), 0), Ok(()));
    }

    #[test]
    fn a_clock_set_back_by_years_adds_no_wait() {
        let throttle = SignInThrottle::default();
        exhaust(&throttle, "kenya", 4_000_000_000_000);
        assert_eq!(throttle.attempt("kenya", HERE, 0), Err(ACCOUNT_REFILL_MS));
        assert_eq!(throttle.attempt("kenya", HERE, ACCOUNT_REFILL_MS), Ok(()));
    }

    #[test]
    fn a_flood_of_names_stays_bounded_and_does_not_free_the_account_under_attack() {
        let mut buckets = Buckets::new(2, 1_000_000);
        assert_eq!(buckets.take("kenya".to_owned(), 0), Ok(()));
        assert_eq!(buckets.take("kenya".to_owned(), 0), Ok(()));
        for name in 0..REMEMBERED_MAX + 10 {
            assert_eq!(buckets.take(name.to_string(), 0), Ok(()));
        }
        assert!(buckets.levels.len() <= REMEMBERED_MAX);
        assert!(buckets.take("kenya".to_owned(), 0).is_err());
    }
}
