//! Queries, mutations, policy binding, validation and the Store port.
