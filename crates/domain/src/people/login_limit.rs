//! Guessing passwords is slow work: failures are counted per address and e-mail, and per address.
//!
//! In memory and per node; a restart forgets, which costs a guesser more than it gives.

use std::{
    collections::HashMap,
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};
use types::{AppError, Timestamp};

const WINDOW_MS: i64 = 15 * 60_000;
const PER_EMAIL: u32 = 10;
const PER_ADDRESS: u32 = 100;
/// Beyond it the oldest count gives way.
const MOST: usize = 10_000;

#[derive(Default)]
pub struct LoginLimit {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    emails: HashMap<(String, String), Count>,
    addresses: HashMap<String, Count>,
}

#[derive(Clone, Copy)]
struct Count {
    since: Timestamp,
    tries: u32,
}

impl LoginLimit {
    /// Counts a try before its outcome is known, so that many at once cannot slip through.
    pub fn enter(&self, ip: &str, email: &str, now: Timestamp) -> Result<(), AppError> {
        let (address, email) = keys(ip, email);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (address.clone(), email);
        let wait = [
            (counts.addresses.get(&address), PER_ADDRESS),
            (counts.emails.get(&pair), PER_EMAIL),
        ]
        .into_iter()
        .filter_map(|(count, most)| count.and_then(|count| count.wait(most, now)))
        .max();
        if let Some(retry_after) = wait {
            return Err(AppError::RateLimited { retry_after });
        }
        count(&mut counts.addresses, address, now);
        count(&mut counts.emails, pair, now);
        Ok(())
    }

    /// The password was right: the try was no guess, nor were the slips before it.
    pub fn succeeded(&self, ip: &str, email: &str) {
        let (address, email) = keys(ip, email);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        take_back(&mut counts.addresses, &address);
        counts.emails.remove(&(address, email));
    }

    /// The password was not looked at.
    pub fn undone(&self, ip: &str, email: &str) {
        let (address, email) = keys(ip, email);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        take_back(&mut counts.addresses, &address);
        take_back(&mut counts.emails, &(address, email));
    }
}

impl Count {
    /// Seconds until the window ends, when it is full.
    fn wait(self, most: u32, now: Timestamp) -> Option<u32> {
        let left = self.since + WINDOW_MS - now;
        (left > 0 && self.tries >= most)
            .then(|| u32::try_from(left.div_euclid(1_000) + 1).unwrap_or(u32::MAX))
    }

    fn over(self, now: Timestamp) -> bool {
        now - self.since >= WINDOW_MS
    }
}

fn count<K: Hash + Eq + Clone>(counts: &mut HashMap<K, Count>, key: K, now: Timestamp) {
    if !counts.contains_key(&key) && counts.len() >= MOST {
        counts.retain(|_, count| !count.over(now));
        let oldest = counts
            .iter()
            .min_by_key(|(_, count)| count.since)
            .map(|(key, _)| key.clone());
        if let Some(oldest) = oldest.filter(|_| counts.len() >= MOST) {
            counts.remove(&oldest);
        }
    }
    let count = counts.entry(key).or_insert(Count { since: now, tries: 0 });
    if count.over(now) {
        *count = Count { since: now, tries: 0 };
    }
    count.tries += 1;
}

fn take_back<K: Hash + Eq>(counts: &mut HashMap<K, Count>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        count.tries = count.tries.saturating_sub(1);
        if count.tries == 0 {
            counts.remove(key);
        }
    }
}

/// A household has a whole IPv6 /64, so that is one address. E-mails are cut to a length that
/// no real one reaches.
fn keys(ip: &str, email: &str) -> (String, String) {
    let address = match ip.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::")
        }
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Err(_) => ip.chars().take(64).collect(),
    };
    (address, email.chars().take(254).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn tries(limit: &LoginLimit, ip: &str, email: &str, now: Timestamp) -> usize {
        (0..1_000)
            .take_while(|_| limit.enter(ip, email, now).is_ok())
            .count()
    }

    #[test]
    fn ten_per_email_a_hundred_per_address() {
        let limit = LoginLimit::default();
        assert_eq!(tries(&limit, "10.0.0.1", "a@b.c", NOW), 10);
        assert_eq!(
            limit.enter("10.0.0.1", "a@b.c", NOW + 1_000),
            Err(AppError::RateLimited { retry_after: 900 })
        );
        let more: usize = (0..20)
            .map(|n| tries(&limit, "10.0.0.1", &format!("{n}@b.c"), NOW))
            .sum();
        assert_eq!(more, 90);
        assert_eq!(
            tries(&limit, "10.0.0.2", "a@b.c", NOW),
            10,
            "another address is not held back"
        );
        assert_eq!(
            tries(&limit, "10.0.0.1", "a@b.c", NOW + WINDOW_MS),
            10,
            "the window has passed"
        );
    }

    #[test]
    fn a_right_password_clears_the_slips() {
        let limit = LoginLimit::default();
        for _ in 0..50 {
            for _ in 0..9 {
                limit.enter("10.0.0.1", "a@b.c", NOW).unwrap();
                limit.undone("10.0.0.1", "a@b.c");
            }
            limit.enter("10.0.0.1", "a@b.c", NOW).unwrap();
            limit.succeeded("10.0.0.1", "a@b.c");
        }
        assert_eq!(tries(&limit, "10.0.0.1", "a@b.c", NOW), 10);
    }

    #[test]
    fn one_ipv6_network_is_one_address_and_memory_is_bounded() {
        let limit = LoginLimit::default();
        let all: usize = (0..30)
            .map(|n| tries(&limit, &format!("2001:db8::{n:x}"), &format!("{n}@b.c"), NOW))
            .sum();
        assert_eq!(all, 100);
        for n in 0..MOST as u32 + 100 {
            let ip = std::net::Ipv4Addr::from(n).to_string();
            limit.enter(&ip, "a@b.c", NOW + i64::from(n)).unwrap();
        }
        let counts = limit.counts.lock().unwrap();
        assert_eq!((counts.addresses.len(), counts.emails.len()), (MOST, MOST));
    }
}
