//! The content API, told as stories. Each goes through the real router on both real databases, and both must answer the same bytes.

#![allow(clippy::unwrap_used)]

mod admin_access;
mod admin_convergence;
mod admin_dev;
mod admin_schema;
mod admin_site;
mod auth;
mod auth_mail;
mod auth_production;
mod bulk;
mod journal;
mod keys;
mod listening;
mod lists;
mod node;
mod once;
mod policies;
mod problems;
mod reads;
mod relations;
mod rules;
mod search;
mod security_input;
mod security_oracles;
mod security_routes;
mod security_world;
mod security_writes;
mod settings;
mod tags;
mod world;
mod writes;
