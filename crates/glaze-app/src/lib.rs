//! The operations: one function per thing a person can do, given an actor.
