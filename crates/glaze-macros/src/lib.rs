//! Compile-time side of the schema file: entity and friends.
