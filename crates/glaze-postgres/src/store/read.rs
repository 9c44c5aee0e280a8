//! Running reads: the rows asked for, then level by level the related ones, each level's statements sent at once; then everything is
//! written in order into one buffer.

use std::{collections::HashMap, sync::Arc};

use futures_util::{
    TryStreamExt,
    future::{BoxFuture, try_join_all},
};
use glaze_data::{
    bound::{Args, Record},
    store::{Answer, StoreError},
};
use glaze_model::Value;
use glaze_sql::query::{
    AggregatePlan, Filled, Kind, LoadPlan, Param, PreparedRead, ReadPlan, Statement as Compiled, json,
    plan::{Child, Content, Node},
};
use tokio_postgres::{Client, Error, Row, types::Type};

use super::{
    cells::{self, Raw, Writer},
    error::from_postgres,
    params::Bound,
    pool::{Kept, Shared},
};

/// Where statements run: a shared connection, or one with an open transaction.
#[derive(Clone, Copy)]
pub enum Connection<'a> {
    /// Shared; statements are kept by id.
    Shared(&'a Shared),
    /// Checked out; statements are kept by text.
    Own(&'a deadpool_postgres::ClientWrapper),
}

impl<'a> Connection<'a> {
    fn client(self) -> &'a Client {
        match self {
            Connection::Shared(shared) => &shared.client,
            Connection::Own(client) => client,
        }
    }

    /// The prepared statement of a compiled one.
    ///
    /// # Errors
    /// When the server refuses the text, or is gone.
    pub async fn prepared(self, compiled: &Compiled, kinds: &[Kind]) -> Result<Arc<Kept>, Error> {
        match self {
            Connection::Shared(shared) => shared.prepared(compiled, kinds).await,
            Connection::Own(client) => Ok(Arc::new(Kept::of(client.prepare_cached(&compiled.sql).await?, kinds))),
        }
    }

    /// Runs a prepared statement and gathers its rows.
    ///
    /// # Errors
    /// When the server refuses, or a parameter does not fit.
    pub async fn rows(self, kept: &Kept, params: Vec<Bound<'_>>) -> Result<Vec<Row>, Error> {
        self.client().query_raw(&kept.statement, params).await?.try_collect().await
    }
}

/// What parameters are filled from.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// Literals of the query.
    pub literals: &'a [Value],
    /// Rows passed over.
    pub offset: u64,
    /// What is known of the request.
    pub args: &'a Args,
}

impl<'a> Inputs<'a> {
    /// The parameters of a statement that has no parents.
    pub fn bind(self, params: &'a [Param]) -> Vec<Bound<'a>> {
        params
            .iter()
            .map(|param| Bound::filled(param.slot.fill(self.literals, self.offset, self.args), param.form))
            .collect()
    }
}

/// Rows of one statement with those of its children.
struct Level {
    rows: Vec<Row>,
    kept: Arc<Kept>,
    children: Vec<Related>,
}

/// Rows of a child by the parent's key.
struct Related {
    level: Option<Level>,
    by_parent: HashMap<Vec<u8>, Vec<u32>>,
}

/// Runs a read; its rows are appended to `body`.
///
/// # Errors
/// When the server refuses, or is gone.
pub async fn read(connection: Connection<'_>, read: &PreparedRead, args: &Args, body: Vec<u8>) -> Result<Answer, Error> {
    read_plan(connection, &read.plan, read, args, body).await
}

/// The same with another plan for it.
///
/// # Errors
/// When the server refuses, or is gone.
pub async fn read_plan(
    connection: Connection<'_>,
    plan: &ReadPlan,
    read: &PreparedRead,
    args: &Args,
    body: Vec<u8>,
) -> Result<Answer, Error> {
    let inputs = Inputs {
        literals: &read.literals,
        offset: read.offset,
        args,
    };
    let root = fetch(connection, &plan.root, inputs);
    let (root, total) = match &plan.count {
        Some(count) => {
            let (root, total) = futures_util::try_join!(root, number(connection, count, inputs))?;
            (root, Some(total))
        }
        None => (root.await?, None),
    };
    let total = match (total, &plan.exact_count) {
        (Some(estimate), Some(exact)) if estimate < 0 => Some(number(connection, exact, inputs).await?),
        (total, _) => total,
    };
    let mut answer = Answer {
        body,
        total: total.map(|total| total.max(0) as u64),
        ..Answer::default()
    };
    write_answer(plan, root, connection, inputs, &mut answer).await?;
    Ok(answer)
}

async fn write_answer(
    plan: &ReadPlan,
    (mut rows, kept): (Vec<Row>, Arc<Kept>),
    connection: Connection<'_>,
    inputs: Inputs<'_>,
    answer: &mut Answer,
) -> Result<(), Error> {
    if let Some(limit) = plan.limit
        && rows.len() as u64 > limit
    {
        rows.truncate(limit as usize);
        answer.more = true;
    }
    if plan.reversed {
        rows.reverse();
    }
    let level = complete(connection, &plan.root, rows, kept, inputs).await?;
    answer.rows = level.rows.len();
    if plan.one {
        if let Some(row) = level.rows.first() {
            write_row(&mut answer.body, &plan.root, &level, row);
            answer.rows = 1;
        }
        return Ok(());
    }
    answer.body.push(b'[');
    for (at, row) in level.rows.iter().enumerate() {
        if at > 0 {
            answer.body.push(b',');
        }
        write_row(&mut answer.body, &plan.root, &level, row);
    }
    answer.body.push(b']');
    if plan.edges {
        let values = |row: &Row| order_values(&plan.root, &level.kept, row);
        answer.edges = level
            .rows
            .first()
            .zip(level.rows.last())
            .map(|(first, last)| (values(first), values(last)));
    }
    Ok(())
}

fn order_values(node: &Node, kept: &Kept, row: &Row) -> Vec<Value> {
    node.order
        .iter()
        .map(|at| cells::value(raw(row, *at), &kept.writers[*at], node.columns[*at]))
        .collect()
}

async fn fetch(connection: Connection<'_>, node: &Node, inputs: Inputs<'_>) -> Result<(Vec<Row>, Arc<Kept>), Error> {
    let kept = connection.prepared(&node.statement, &node.columns).await?;
    let rows = connection.rows(&kept, inputs.bind(&node.statement.params)).await?;
    Ok((rows, kept))
}

/// Fetches the related rows of `rows`, siblings at once.
fn complete<'a>(
    connection: Connection<'a>,
    node: &'a Node,
    rows: Vec<Row>,
    kept: Arc<Kept>,
    inputs: Inputs<'a>,
) -> BoxFuture<'a, Result<Level, Error>> {
    Box::pin(async move {
        if node.children.is_empty() {
            return Ok(Level {
                rows,
                kept,
                children: Vec::new(),
            });
        }
        let children = try_join_all(node.children.iter().map(|child| related(connection, child, &rows, inputs))).await?;
        Ok(Level { rows, kept, children })
    })
}

async fn related<'a>(connection: Connection<'a>, child: &'a Child, parents: &[Row], inputs: Inputs<'a>) -> Result<Related, Error> {
    let mut keys: Vec<Vec<&[u8]>> = vec![Vec::with_capacity(parents.len()); child.parent.len()];
    let mut seen = std::collections::HashSet::with_capacity(parents.len());
    for row in parents {
        let Some(key) = parent_key(child, row) else { continue };
        if seen.insert(key) {
            for (part, at) in child.parent.iter().enumerate() {
                keys[part].push(raw(row, *at).unwrap_or_default());
            }
        }
    }
    if seen.is_empty() {
        return Ok(Related {
            level: None,
            by_parent: HashMap::new(),
        });
    }
    let node = &child.node;
    let types: Vec<Type> = child
        .parent
        .iter()
        .filter_map(|at| parents.first().map(|row| row.columns()[*at].type_().clone()))
        .collect();
    let kept = connection.prepared(&node.statement, &node.columns).await?;
    let mut rows = connection.rows(&kept, child_params(&node.statement, &keys, &types, inputs)).await?;
    if let Some(each) = &node.each
        && rows.len() as u64 > each.most
    {
        let kept = connection.prepared(&each.statement, &node.columns).await?;
        rows = connection.rows(&kept, child_params(&each.statement, &keys, &types, inputs)).await?;
    }
    let level = complete(connection, node, rows, kept, inputs).await?;
    let mut by_parent: HashMap<Vec<u8>, Vec<u32>> = HashMap::with_capacity(seen.len());
    for (at, row) in level.rows.iter().enumerate() {
        let mut key = Vec::with_capacity(17);
        for column in &node.link {
            cells::key_bytes(raw(row, *column).unwrap_or_default(), row.columns()[*column].type_(), &mut key);
        }
        by_parent.entry(key).or_default().push(at as u32);
    }
    Ok(Related {
        level: Some(level),
        by_parent,
    })
}

fn child_params<'a>(compiled: &'a Compiled, keys: &[Vec<&'a [u8]>], types: &[Type], inputs: Inputs<'a>) -> Vec<Bound<'a>> {
    let bound = |param: &'a Param| match param.slot.fill(inputs.literals, inputs.offset, inputs.args) {
        Filled::Parent(part) => Bound::Cells(keys[part as usize].clone(), types[part as usize].clone()),
        filled => Bound::filled(filled, param.form),
    };
    compiled.params.iter().map(bound).collect()
}

/// The key by which a parent's children are found; none when part of it is null, or the child is not for this parent.
fn parent_key(child: &Child, row: &Row) -> Option<Vec<u8>> {
    if let Some((at, value)) = &child.only
        && raw(row, *at) != Some(value.as_slice())
    {
        return None;
    }
    let mut key = Vec::with_capacity(17);
    for at in &child.parent {
        cells::key_bytes(raw(row, *at)?, row.columns()[*at].type_(), &mut key);
    }
    Some(key)
}

fn raw(row: &Row, at: usize) -> Option<&[u8]> {
    row.try_get::<_, Raw<'_>>(at).ok().and_then(|raw| raw.0)
}

fn write_row(out: &mut Vec<u8>, node: &Node, level: &Level, row: &Row) {
    let begin = out.len();
    for member in &node.row {
        if let Some(guard) = member.guard
            && raw(row, guard) != Some(&[1])
        {
            continue;
        }
        json::member(out, begin, &member.name);
        match &member.content {
            Content::Cell(at, _) => cells::write(out, raw(row, *at), &level.kept.writers[*at]),
            Content::Object { cells, nullable } => write_object(out, row, cells, *nullable, &level.kept.writers),
            Content::One(child) => {
                if !write_one(out, node, level, row, *child) {
                    json::null(out);
                }
            }
            Content::AnyOne(children) => {
                if !children.iter().any(|child| write_one(out, node, level, row, *child)) {
                    json::null(out);
                }
            }
            Content::Many(child) => write_many(out, node, level, row, *child),
            Content::Text(text) => out.extend_from_slice(text),
        }
    }
    json::close(out, begin, node.close);
}

type Named = (Box<[u8]>, usize, Kind);

fn write_object(out: &mut Vec<u8>, row: &Row, members: &[Named], nullable: bool, writers: &[Writer]) {
    let begin = out.len();
    let mut all_null = true;
    for (name, at, _) in members {
        let cell = raw(row, *at);
        all_null &= cell.is_none();
        out.extend_from_slice(name);
        cells::write(out, cell, &writers[*at]);
    }
    if members.is_empty() {
        out.push(b'{');
    }
    out.push(b'}');
    if all_null && nullable {
        out.truncate(begin);
        json::null(out);
    }
}

/// The rows of a child that belong to a parent.
fn children_of<'l>(node: &Node, level: &'l Level, row: &Row, child: usize) -> Option<(&'l Level, &'l [u32])> {
    let key = parent_key(&node.children[child], row)?;
    let related = &level.children[child];
    Some((related.level.as_ref()?, related.by_parent.get(&key)?.as_slice()))
}

fn write_one(out: &mut Vec<u8>, node: &Node, level: &Level, row: &Row, child: usize) -> bool {
    let Some((related, [first, ..])) = children_of(node, level, row, child) else {
        return false;
    };
    write_row(out, &node.children[child].node, related, &related.rows[*first as usize]);
    true
}

fn write_many(out: &mut Vec<u8>, node: &Node, level: &Level, row: &Row, child: usize) {
    out.push(b'[');
    if let Some((related, rows)) = children_of(node, level, row, child) {
        let limit = node.children[child]
            .node
            .each
            .as_ref()
            .map_or(usize::MAX, |each| each.limit as usize);
        for (at, position) in rows.iter().take(limit).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            write_row(out, &node.children[child].node, related, &related.rows[*position as usize]);
        }
    }
    out.push(b']');
}

async fn number(connection: Connection<'_>, compiled: &Compiled, inputs: Inputs<'_>) -> Result<i64, Error> {
    let kept = connection.prepared(compiled, &[]).await?;
    let rows = connection.rows(&kept, inputs.bind(&compiled.params)).await?;
    Ok(rows.first().map_or(0, |row| row.try_get(0).unwrap_or(0)))
}

/// Runs a count.
///
/// # Errors
/// When the server refuses, or is gone.
pub async fn count(connection: Connection<'_>, compiled: &Compiled, literals: &[Value], args: &Args) -> Result<u64, StoreError> {
    let inputs = Inputs { literals, offset: 0, args };
    let counted = number(connection, compiled, inputs).await.map_err(|error| from_postgres(&error))?;
    Ok(counted.max(0) as u64)
}

/// Runs a load.
///
/// # Errors
/// When the server refuses, or is gone.
pub async fn load(connection: Connection<'_>, plan: &LoadPlan, literals: &[Value], args: &Args) -> Result<Vec<Record>, StoreError> {
    let kinds: Vec<Kind> = plan.fields.iter().flat_map(|field| field.kinds.iter().copied()).collect();
    let inputs = Inputs { literals, offset: 0, args };
    let fetched = async {
        let kept = connection.prepared(&plan.statement, &kinds).await?;
        let rows = connection.rows(&kept, inputs.bind(&plan.statement.params)).await?;
        Ok((rows, kept))
    };
    let (rows, kept) = fetched.await.map_err(|error: Error| from_postgres(&error))?;
    let record = |row: &Row| {
        let fields = plan.fields.iter().map(|field| {
            let parts = field.kinds.iter().enumerate();
            field.join(
                parts
                    .map(|(at, kind)| cells::value(raw(row, field.first + at), &kept.writers[field.first + at], *kind))
                    .collect(),
            )
        });
        fields.collect()
    };
    Ok(rows.iter().map(record).collect())
}

/// Runs aggregates, as a JSON array of objects.
///
/// # Errors
/// When the server refuses, or is gone.
pub async fn aggregate(connection: Connection<'_>, plan: &AggregatePlan, inputs: Inputs<'_>) -> Result<Vec<u8>, Error> {
    let kinds: Vec<Kind> = plan.cells.iter().map(|(_, kind)| *kind).collect();
    let kept = connection.prepared(&plan.statement, &kinds).await?;
    let rows = connection.rows(&kept, inputs.bind(&plan.statement.params)).await?;
    let mut out = vec![b'['];
    for row in &rows {
        if out.len() > 1 {
            out.push(b',');
        }
        for (at, (name, _)) in plan.cells.iter().enumerate() {
            out.extend_from_slice(name);
            cells::write(&mut out, raw(row, at), &kept.writers[at]);
        }
        out.extend_from_slice(&plan.close);
    }
    out.push(b']');
    Ok(out)
}
