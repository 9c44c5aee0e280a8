//! How often somebody may try. An account is limited for one class of addresses at a time: whoever tries the passwords of somebody else
//! slows down themselves, and locks nobody out.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock, clock::DefaultClock};

use crate::AuthError;

/// After how many attempts those that are forgotten are cleared away.
const SWEEP: u32 = 1024;

/// Addresses that one customer of a provider has: an IPv4 address, the first 64 bits of an IPv6 one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressClass(Option<u128>);

impl AddressClass {
    /// The class of an address; where it is not known, all are one class.
    pub fn of(address: Option<IpAddr>) -> AddressClass {
        AddressClass(address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => u128::from(u32::from(address)),
            IpAddr::V6(address) => u128::from(address) & !u128::from(u64::MAX),
        }))
    }
}

/// Counts attempts.
pub struct Attempts {
    by_address: DefaultKeyedRateLimiter<AddressClass>,
    by_account: DefaultKeyedRateLimiter<(AddressClass, String)>,
    clock: DefaultClock,
    counted: AtomicU32,
}

impl Default for Attempts {
    /// From one class of addresses 60 at once and one more each second; on one account 10 at once and one more each 30 seconds.
    fn default() -> Self {
        let quota = |every: u64, burst: u32| {
            Quota::with_period(Duration::from_secs(every))
                .unwrap_or(Quota::per_second(NonZeroU32::MIN))
                .allow_burst(NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN))
        };
        Attempts {
            by_address: DefaultKeyedRateLimiter::keyed(quota(1, 60)),
            by_account: DefaultKeyedRateLimiter::keyed(quota(30, 10)),
            clock: DefaultClock::default(),
            counted: AtomicU32::new(0),
        }
    }
}

impl Attempts {
    /// Counts an attempt on an account (its e-mail address, whether there is one or not).
    ///
    /// # Errors
    /// [`AuthError::Limited`] with the seconds to wait.
    pub fn count(&self, from: AddressClass, account: &str) -> Result<(), AuthError> {
        self.sweep();
        let wait = |until: governor::NotUntil<_>| AuthError::Limited(until.wait_time_from(self.clock.now()).as_secs().saturating_add(1));
        self.by_address.check_key(&from).map_err(wait)?;
        self.by_account.check_key(&(from, account.to_owned())).map_err(wait)
    }

    /// Counts an attempt that is on no account: a token.
    ///
    /// # Errors
    /// [`AuthError::Limited`] with the seconds to wait.
    pub fn count_address(&self, from: AddressClass) -> Result<(), AuthError> {
        self.sweep();
        self.by_address
            .check_key(&from)
            .map_err(|until| AuthError::Limited(until.wait_time_from(self.clock.now()).as_secs().saturating_add(1)))
    }

    /// What has not been seen for long needs no place.
    fn sweep(&self) {
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.by_address.retain_recent();
            self.by_account.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tries_too_often_waits_and_nobody_else_does() {
        let attempts = Attempts::default();
        let (thief, owner) = (
            Some("198.51.100.7".parse().expect("an address")),
            Some("203.0.113.9".parse().expect("an address")),
        );
        for _ in 0..10 {
            attempts.count(AddressClass::of(thief), "ann@example.org").expect("allowed");
        }
        let refused = attempts.count(AddressClass::of(thief), "ann@example.org");
        assert!(matches!(refused, Err(AuthError::Limited(1..=31))), "{refused:?}");
        attempts
            .count(AddressClass::of(owner), "ann@example.org")
            .expect("the owner is not locked out");
        attempts.count(AddressClass::of(thief), "bob@example.org").expect("another account");
    }

    #[test]
    fn neighbours_in_a_network_are_one() {
        let class = |text: &str| AddressClass::of(Some(text.parse().expect("an address")));
        assert_eq!(class("2001:db8::1"), class("2001:db8::ffff:1"));
        assert_ne!(class("2001:db8::1"), class("2001:db8:0:1::1"));
        assert_eq!(class("::ffff:192.0.2.1"), class("192.0.2.1"));
    }
}
