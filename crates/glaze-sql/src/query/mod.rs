//! Reads: from the bound tree to statements and row plans. An adapter brings a [`QueryDialect`] and a connection.

pub mod cache;
pub mod calendar;
pub mod compile;
mod dialect;
pub mod json;
mod kind;
pub mod plan;
mod render;
mod search;
mod shape;
mod tables;
mod words;

pub use cache::PlanCache;
pub use compile::{AggregatePlan, LoadPlan, compile_aggregate, compile_count, compile_filter, compile_load, compile_read, compile_sieved};
pub use dialect::{Piece, QueryDialect, quote};
pub use kind::{Cell, Form, Kind};
pub use plan::{Filled, Param, PreparedRead, ReadPlan, Searched, Slot, Statement};
pub use render::{Literals, Operand, Renderer, render_static};
pub use search::{Attempts, SearchIndex, SearchText, Searches, prepare};
pub use shape::{Literal, Shape};
pub use tables::{Column, ComputedFields, Join, NoComputed, Tables};
pub use words::{scaled_value, search_words, wire_value};
