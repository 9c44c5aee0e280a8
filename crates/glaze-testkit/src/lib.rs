//! Real services for tests: a PostgreSQL of our own, cloned databases, sample data.
