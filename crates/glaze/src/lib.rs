//! The library people add to their application.
