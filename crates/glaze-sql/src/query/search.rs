//! Search indexes: which entities can have one and what it covers. The index is a first sieve; the exact condition always stands behind
//! it, so that an answer is the same with and without.

use std::sync::Arc;

use glaze_data::{
    bound::{BoundRead, Page},
    schema::is_searchable,
    store::StoreError,
};
use glaze_expr::tree::{EntityIx, FieldIx};
use glaze_model::Ownership;

use super::{
    Cell, Column, Literal, PlanCache, PreparedRead, ReadPlan, Searched, Shape, Tables,
    compile::{compile_read, compile_sieved},
};

/// What the search index of an entity covers.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchIndex {
    /// Name of the entity's table, as it is.
    pub name: String,
    /// The same, quoted and qualified.
    pub table: String,
    /// Columns of the key.
    pub key: Vec<Column>,
    /// Columns with the text.
    pub texts: Vec<SearchText>,
}

/// A column with text.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchText {
    /// Its name.
    pub column: String,
    /// A rich-text document: only its `text` members are text.
    pub rich: bool,
}

impl Tables<'_> {
    /// What a search index of the entity would cover. `None` for tables whose structure is not the project's to change, without a key, or
    /// with text in a form that only the exact condition understands.
    ///
    /// # Errors
    /// When the model is not whole.
    pub fn search_index(&self, entity: EntityIx) -> Result<Option<SearchIndex>, StoreError> {
        let definition = self.entity(entity);
        let key = self.key(entity)?;
        if definition.ownership != Ownership::Project || key.is_empty() {
            return Ok(None);
        }
        let mut texts = Vec::new();
        for at in 0..definition.fields.len() as FieldIx {
            if !is_searchable(self.field(entity, at)) {
                continue;
            }
            let columns = self.columns(entity, at)?;
            match columns.as_slice() {
                [one] if !one.kind.list && matches!(one.kind.cell, Cell::Text | Cell::Json) => texts.push(SearchText {
                    column: one.name.clone(),
                    rich: one.kind.cell == Cell::Json,
                }),
                _ => return Ok(None),
            }
        }
        Ok((!texts.is_empty()).then(|| SearchIndex {
            name: definition.table.clone(),
            table: self.table(entity),
            key,
            texts,
        }))
    }
}

/// A read with its plan, taken from the cache or made; when it searches, also the plan through the index (from `sieved`).
///
/// # Errors
/// When the dialect can't say it, or the model is not whole.
pub fn prepare(
    tables: Tables<'_>,
    read: &BoundRead,
    plans: &PlanCache<ReadPlan>,
    sieved: &PlanCache<ReadPlan>,
) -> Result<PreparedRead, StoreError> {
    let shape = Shape::of_read(read);
    let plan = plans.get(&shape.bytes, || compile_read(tables, read, &shape))?;
    let words = shape.literals.iter().position(|literal| matches!(literal, Literal::Search(_)));
    let searched = match words {
        Some(words) if tables.search_index(read.entity)?.is_some() => Some(Searched {
            entity: read.entity,
            words,
            plan: sieved.get(&shape.bytes, || compile_sieved(tables, read, &shape))?,
        }),
        _ => None,
    };
    let offset = match read.page {
        Page::Offset { offset, .. } => offset,
        _ => 0,
    };
    Ok(PreparedRead {
        plan,
        literals: shape.values(),
        offset,
        searched,
    })
}

/// How long to leave an index alone that could not be made.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(60);

/// When it was last tried to make an index.
#[derive(Debug, Default)]
pub struct Attempts(std::sync::Mutex<Option<std::time::Instant>>);

impl Attempts {
    /// Whether it is time to try; says so once in a while only.
    pub fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let due = last.is_none_or(|at| at.elapsed() >= PAUSE);
        if due {
            *last = Some(std::time::Instant::now());
        }
        due
    }
}

/// The indexes of one schema by entity, each made from its description when it is first asked for.
pub struct Searches<T> {
    known: std::sync::Mutex<std::collections::HashMap<EntityIx, Arc<T>>>,
}

impl<T> Default for Searches<T> {
    fn default() -> Self {
        Searches { known: Default::default() }
    }
}

impl<T> Searches<T> {
    /// The index of an entity; `None` when it can have none.
    ///
    /// # Errors
    /// When the model is not whole.
    pub fn get(&self, tables: Tables<'_>, entity: EntityIx, make: impl FnOnce(SearchIndex) -> T) -> Result<Option<Arc<T>>, StoreError> {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(found) = known.get(&entity) {
            return Ok(Some(found.clone()));
        }
        let Some(index) = tables.search_index(entity)? else {
            return Ok(None);
        };
        let made = Arc::new(make(index));
        known.insert(entity, made.clone());
        Ok(Some(made))
    }
}
