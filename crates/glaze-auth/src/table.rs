//! Glaze's own entities as tables. Read and written as Glaze itself, not through the content API, which does not reach them.

use std::{any::Any, sync::Arc};

use futures_util::future::BoxFuture;
use glaze_data::{
    bound::{Args, BoundRead, Count, Delete, Insert, Load, Order, Output, Page, Selected, Update},
    store::{Job, JobError, JobOutput, Store, StoreError, Tx},
};
use glaze_expr::tree::{Compare, EntityIx, Expr, FieldIx, FieldRef, Node, Part, Type};
use glaze_model::{Model, Scalar, Value};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::AuthError;

/// Where one of Glaze's entities is in the model.
#[derive(Clone, Copy)]
pub(crate) struct Table<'m> {
    model: &'m Model,
    entity: EntityIx,
    name: &'static str,
}

impl<'m> Table<'m> {
    pub fn of(model: &'m Model, name: &'static str) -> Result<Table<'m>, AuthError> {
        let entity = model
            .entities
            .iter()
            .position(|entity| entity.name == name)
            .ok_or(AuthError::Schema(name))?;
        Ok(Table {
            model,
            entity: entity as EntityIx,
            name,
        })
    }

    fn field(&self, name: &str) -> Result<FieldIx, AuthError> {
        let fields = &self.model.entities[self.entity as usize].fields;
        fields
            .iter()
            .position(|field| field.name == name)
            .map(|at| at as FieldIx)
            .ok_or(AuthError::Schema(self.name))
    }

    fn reference(&self, name: &str) -> Result<FieldRef, AuthError> {
        Ok(FieldRef {
            var: 0,
            entity: self.entity,
            hops: Vec::new(),
            field: self.field(name)?,
            part: Part::Whole,
        })
    }

    fn compare(&self, name: &str, how: Compare, scalar: Scalar, value: Value) -> Result<Expr, AuthError> {
        let ty = || Type::Scalar(scalar);
        let field = Expr::new(Node::Field(self.reference(name)?), ty());
        let literal = Expr::new(Node::Literal(value), ty());
        Ok(Expr::new(Node::Compare(how, Box::new(field), Box::new(literal)), Type::BOOL))
    }

    /// Rows with this id, or whose reference is to it.
    pub fn is(&self, name: &str, id: Uuid) -> Result<Expr, AuthError> {
        self.compare(name, Compare::Eq, Scalar::Uuid, Value::Uuid(id))
    }

    /// All rows but that of this id.
    pub fn is_not(&self, name: &str, id: Uuid) -> Result<Expr, AuthError> {
        self.compare(name, Compare::Ne, Scalar::Uuid, Value::Uuid(id))
    }

    /// Rows with this text.
    pub fn says(&self, name: &str, text: &str) -> Result<Expr, AuthError> {
        self.compare(name, Compare::Eq, Scalar::String, Value::Text(text.to_owned()))
    }

    /// Rows whose time is past.
    pub fn past(&self, name: &str) -> Result<Expr, AuthError> {
        self.compare(name, Compare::Le, Scalar::DateTime, Value::DateTime(now()))
    }

    pub fn insert(&self, values: Vec<(&str, Value)>) -> Result<Insert, AuthError> {
        let fields = values.iter().map(|(name, _)| self.field(name)).collect::<Result<_, _>>()?;
        Ok(Insert {
            entity: self.entity,
            fields,
            rows: vec![values.into_iter().map(|(_, value)| value).collect()],
            links: Vec::new(),
        })
    }

    pub fn update(&self, filter: Expr, values: Vec<(&str, Value)>) -> Result<Update, AuthError> {
        let set = values
            .into_iter()
            .map(|(name, value)| Ok((self.field(name)?, value)))
            .collect::<Result<_, AuthError>>()?;
        Ok(Update {
            entity: self.entity,
            filter,
            set,
        })
    }

    pub fn delete(&self, filter: Expr) -> Delete {
        Delete {
            entity: self.entity,
            filter,
        }
    }

    /// The one row, locked until the end of the transaction.
    pub fn lock(&self, filter: Expr, names: &[&str]) -> Result<Load, AuthError> {
        Ok(Load {
            entity: self.entity,
            filter,
            fields: names.iter().map(|name| self.field(name)).collect::<Result<_, _>>()?,
            lock: true,
            limit: Some(1),
        })
    }

    /// Rows in the order of their ids, as objects with these members.
    pub async fn read<T: DeserializeOwned>(
        &self,
        store: &dyn Store,
        filter: Expr,
        names: &[&str],
        limit: u64,
    ) -> Result<Vec<T>, AuthError> {
        let select = names
            .iter()
            .map(|name| {
                Ok(Selected {
                    json: glaze_model::camel_case(name),
                    output: Output::Field(self.field(name)?),
                    guard: None,
                })
            })
            .collect::<Result<_, AuthError>>()?;
        let order = vec![Order {
            by: self.reference("id")?,
            desc: false,
            guard: None,
            nullable: false,
        }];
        let bound = BoundRead {
            entity: self.entity,
            filter,
            select,
            order,
            page: Page::Offset { limit, offset: 0 },
            count: Count::None,
        };
        let answer = store.read(&store.prepare(&bound)?, &args(), Vec::new()).await?;
        serde_json::from_slice(&answer.body).map_err(|error| StoreError::Other(format!("{} as it is stored: {error}", self.name)).into())
    }
}

/// A change of some rows.
pub(crate) enum Write {
    Insert(Insert),
    Update(Update),
    Delete(Delete),
    /// Adds the row, unless there is one.
    Ensure(Load, Insert),
}

impl Write {
    pub async fn run(&self, tx: &mut dyn Tx) -> Result<u64, StoreError> {
        Ok(match self {
            Write::Insert(insert) => tx.insert(insert, &args()).await?.len() as u64,
            Write::Update(update) => tx.update(update, &args()).await?,
            Write::Delete(delete) => tx.delete(delete, &args()).await?,
            Write::Ensure(load, insert) => match tx.load(load, &args()).await?.is_empty() {
                true => tx.insert(insert, &args()).await?.len() as u64,
                false => 0,
            },
        })
    }
}

struct Writes(Vec<Write>);

impl Job for Writes {
    fn run<'t>(&'t self, tx: &'t mut dyn Tx) -> BoxFuture<'t, Result<JobOutput, JobError>> {
        Box::pin(async move {
            let mut changed = Vec::with_capacity(self.0.len());
            for write in &self.0 {
                changed.push(write.run(&mut *tx).await?);
            }
            Ok(Box::new(changed) as Box<dyn Any + Send>)
        })
    }
}

/// Several changes in one transaction; gives the number of rows of the last.
pub(crate) async fn write(store: &dyn Store, writes: Vec<Write>) -> Result<u64, AuthError> {
    let changed: Vec<u64> = run(store, Writes(writes)).await?;
    Ok(changed.last().copied().unwrap_or_default())
}

/// Runs a job that gives a `T` or refuses with an [`AuthError`].
pub(crate) async fn run<T: 'static>(store: &dyn Store, job: impl Job + 'static) -> Result<T, AuthError> {
    match store.transact(Arc::new(job)).await {
        Ok(output) => match output.downcast::<T>() {
            Ok(output) => Ok(*output),
            Err(_) => Err(StoreError::Other("a transaction gave something else than it was to".into()).into()),
        },
        Err(JobError::Store(error)) => Err(error.into()),
        Err(JobError::Refused(reason)) => Err(reason.downcast::<AuthError>().map_or(AuthError::Invalid, |reason| *reason)),
    }
}

/// Cut to microseconds, as databases keep it.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

pub(crate) fn args() -> Args {
    Args {
        me: None,
        now: now(),
        key: Vec::new(),
    }
}

/// A list of words as it is stored.
pub(crate) fn words(words: &[String]) -> Value {
    Value::List(words.iter().cloned().map(Value::Text).collect())
}
