//! Who somebody is: API keys today; passwords, sessions and providers next.
