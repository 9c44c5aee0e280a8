//! Reads on real databases: both give the same bytes, and the rows that the naive evaluation in memory gives.

#![allow(clippy::unwrap_used, missing_docs)]

mod aggregates;
mod connections;
mod expressions;
mod golden;
mod pages;
mod questions;
mod random;
mod rows;
mod world;
