//! One connection with its prepared statements, and reading with it. Lives on one thread.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use glaze_data::{
    bound::{Args, Record},
    store::{Answer, StoreError},
};
use glaze_model::Value;
use glaze_sql::query::{
    AggregatePlan, Filled, Kind, LoadPlan, Param, PreparedRead, ReadPlan, Statement as Compiled, json,
    plan::{Child, Content, Node},
};
use rusqlite::{
    Connection, Row, Statement,
    types::{ToSqlOutput, Value as Native, ValueRef},
};

use super::{
    cells,
    deadline::Deadline,
    error::from_sqlite,
    related::{self, Related},
};

/// Prepared statements kept per connection. When there are more, all are dropped: those in use come back at once.
pub(super) const STATEMENTS: usize = 400;

type Kept<'c> = Rc<RefCell<Statement<'c>>>;

/// A connection with its prepared statements.
pub struct Session<'c> {
    /// The connection.
    pub conn: &'c Connection,
    statements: RefCell<HashMap<u64, Kept<'c>>>,
    /// By statement, whether reading it in the order of an index spares the sorting.
    pub(super) streams: RefCell<HashMap<u64, bool>>,
    related: Option<RefCell<Related>>,
    /// By table, whether its search index is there, and in which version of the file's schema.
    pub(super) searches: RefCell<HashMap<String, (i64, bool)>>,
    deadline: Deadline,
}

/// What parameters are filled from.
#[derive(Clone, Copy)]
pub(super) struct Inputs<'a> {
    literals: &'a [Value],
    offset: u64,
    args: &'a Args,
}

/// The parent's row of a look-up.
#[derive(Clone, Copy)]
pub(super) struct Parent<'a> {
    row: &'a Row<'a>,
    columns: &'a [usize],
}

impl<'c> Session<'c> {
    /// Over an open connection whose progress handler watches `deadline`.
    pub fn new(conn: &'c Connection, deadline: Deadline) -> Session<'c> {
        Session {
            conn,
            statements: RefCell::new(HashMap::new()),
            streams: RefCell::new(HashMap::new()),
            related: None,
            searches: RefCell::new(HashMap::new()),
            deadline,
        }
    }

    /// Keeps related rows, so many bytes. Only for connections that never write.
    pub(super) fn keeping(mut self, bytes: usize) -> Session<'c> {
        self.related = (bytes > 0).then(|| RefCell::new(Related::new(bytes)));
        self
    }

    /// A statement begins, and with it perhaps another state of the file.
    pub(super) fn begin_rows(&self) {
        if let Some(related) = &self.related {
            related.borrow_mut().doubt();
        }
    }

    /// Starts the time limit of what comes next.
    pub fn begin(&self) {
        self.deadline.start();
    }

    /// The prepared statement of a compiled one.
    ///
    /// # Errors
    /// When SQLite refuses the text.
    pub fn prepared(&self, statement: &Compiled) -> Result<Kept<'c>, StoreError> {
        if let Some(kept) = self.statements.borrow().get(&statement.id) {
            return Ok(kept.clone());
        }
        let made = self.conn.prepare(&statement.sql).map_err(|error| from_sqlite(&error))?;
        let made = Rc::new(RefCell::new(made));
        let mut statements = self.statements.borrow_mut();
        if statements.len() >= STATEMENTS {
            statements.clear();
        }
        statements.insert(statement.id, made.clone());
        Ok(made)
    }

    /// Runs a read; its rows are appended to `body`.
    ///
    /// # Errors
    /// When the database refuses, or the time is up.
    pub fn read(&self, read: &PreparedRead, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        self.read_plan(&read.plan, read, args, body)
    }

    /// The same with another plan for it.
    pub(super) fn read_plan(&self, plan: &ReadPlan, read: &PreparedRead, args: &Args, body: Vec<u8>) -> Result<Answer, StoreError> {
        let inputs = Inputs {
            literals: &read.literals,
            offset: read.offset,
            args,
        };
        let mut answer = Answer { body, ..Answer::default() };
        if plan.one {
            self.read_one(&plan.root, inputs, &mut answer)?;
        } else {
            self.read_list(plan, inputs, &mut answer)?;
        }
        if let Some(count) = &plan.count {
            answer.total = Some(self.number(count, inputs)?.max(0) as u64);
        }
        Ok(answer)
    }

    fn read_one(&self, node: &Node, inputs: Inputs<'_>, answer: &mut Answer) -> Result<(), StoreError> {
        let kept = self.prepared(&node.statement)?;
        let mut statement = kept.borrow_mut();
        bind_all(&mut statement, &node.statement.params, inputs, None)?;
        let mut rows = statement.raw_query();
        self.begin_rows();
        if let Some(row) = rows.next().map_err(|error| from_sqlite(&error))? {
            self.write_row(node, row, inputs, &mut answer.body)?;
            answer.rows = 1;
        }
        Ok(())
    }

    pub(super) fn write_row(&self, node: &Node, row: &Row<'_>, inputs: Inputs<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let begin = out.len();
        for member in &node.row {
            if let Some(guard) = member.guard
                && !is_true(cell(row, guard)?)
            {
                continue;
            }
            json::member(out, begin, &member.name);
            match &member.content {
                Content::Cell(at, kind) => cells::write(out, cell(row, *at)?, *kind),
                Content::Object { cells, nullable } => write_object(out, row, cells, *nullable)?,
                Content::One(child) => self.write_related(&node.children[*child], false, row, inputs, out)?,
                Content::AnyOne(children) => {
                    let found = children
                        .iter()
                        .map(|child| &node.children[*child])
                        .find(|child| applies(child, row));
                    match found {
                        Some(child) => self.write_related(child, false, row, inputs, out)?,
                        None => json::null(out),
                    }
                }
                Content::Many(child) => self.write_related(&node.children[*child], true, row, inputs, out)?,
                Content::Text(text) => out.extend_from_slice(text),
            }
        }
        json::close(out, begin, node.close);
        Ok(())
    }

    /// The related row or rows; `many` as an array.
    fn write_related(&self, child: &Child, many: bool, row: &Row<'_>, inputs: Inputs<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
        if has_null(child, row)? {
            out.extend_from_slice(if many { b"[]" } else { b"null" });
            return Ok(());
        }
        let Some(related) = self.related.as_ref().filter(|_| child.by_key) else {
            return self.look_up(child, many, row, inputs, out);
        };
        let key = related::key(child, row)?;
        if related.borrow_mut().write(self.conn, &key, out)? {
            return Ok(());
        }
        let begin = out.len();
        self.look_up(child, many, row, inputs, out)?;
        related.borrow_mut().keep(key, &out[begin..]);
        Ok(())
    }

    fn look_up(&self, child: &Child, many: bool, row: &Row<'_>, inputs: Inputs<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
        let kept = self.prepared(&child.node.statement)?;
        let mut statement = kept.borrow_mut();
        let columns = &child.parent;
        bind_all(&mut statement, &child.node.statement.params, inputs, Some(Parent { row, columns }))?;
        let mut rows = statement.raw_query();
        if !many {
            match rows.next().map_err(|error| from_sqlite(&error))? {
                Some(found) => self.write_row(&child.node, found, inputs, out)?,
                None => json::null(out),
            }
            return Ok(());
        }
        out.push(b'[');
        let begin = out.len();
        while let Some(found) = rows.next().map_err(|error| from_sqlite(&error))? {
            if out.len() > begin {
                out.push(b',');
            }
            self.write_row(&child.node, found, inputs, out)?;
        }
        out.push(b']');
        Ok(())
    }

    fn number(&self, compiled: &Compiled, inputs: Inputs<'_>) -> Result<i64, StoreError> {
        let kept = self.prepared(compiled)?;
        let mut statement = kept.borrow_mut();
        bind_all(&mut statement, &compiled.params, inputs, None)?;
        let mut rows = statement.raw_query();
        let row = rows.next().map_err(|error| from_sqlite(&error))?;
        row.map_or(Ok(0), |row| row.get(0).map_err(|error| from_sqlite(&error)))
    }

    /// Runs a count.
    ///
    /// # Errors
    /// When the database refuses, or the time is up.
    pub fn count(&self, compiled: &Compiled, literals: &[Value], args: &Args) -> Result<u64, StoreError> {
        Ok(self.number(compiled, Inputs { literals, offset: 0, args })?.max(0) as u64)
    }

    /// Runs a load.
    ///
    /// # Errors
    /// When the database refuses, or the time is up.
    pub fn load(&self, plan: &LoadPlan, literals: &[Value], args: &Args) -> Result<Vec<Record>, StoreError> {
        let kept = self.prepared(&plan.statement)?;
        let mut statement = kept.borrow_mut();
        bind_all(&mut statement, &plan.statement.params, Inputs { literals, offset: 0, args }, None)?;
        let mut rows = statement.raw_query();
        let mut records = Vec::new();
        while let Some(row) = rows.next().map_err(|error| from_sqlite(&error))? {
            let mut record = Vec::with_capacity(plan.fields.len());
            for field in &plan.fields {
                let mut parts = Vec::with_capacity(field.kinds.len());
                for (at, kind) in field.kinds.iter().enumerate() {
                    parts.push(cells::value(cell(row, field.first + at)?, *kind));
                }
                record.push(field.join(parts));
            }
            records.push(record);
        }
        Ok(records)
    }

    /// Runs aggregates, as a JSON array of objects.
    ///
    /// # Errors
    /// When the database refuses, or the time is up.
    pub fn aggregate(&self, plan: &AggregatePlan, literals: &[Value], offset: u64, args: &Args) -> Result<Vec<u8>, StoreError> {
        let kept = self.prepared(&plan.statement)?;
        let mut statement = kept.borrow_mut();
        bind_all(&mut statement, &plan.statement.params, Inputs { literals, offset, args }, None)?;
        let mut rows = statement.raw_query();
        let mut out = vec![b'['];
        while let Some(row) = rows.next().map_err(|error| from_sqlite(&error))? {
            if out.len() > 1 {
                out.push(b',');
            }
            for (at, (name, kind)) in plan.cells.iter().enumerate() {
                out.extend_from_slice(name);
                cells::write(&mut out, cell(row, at)?, *kind);
            }
            out.extend_from_slice(&plan.close);
        }
        out.push(b']');
        Ok(out)
    }

    /// Runs a statement to its end and gives its rows as values (keys of new rows).
    ///
    /// # Errors
    /// When the database refuses.
    pub fn rows(&self, compiled: &Compiled, literals: &[Value], args: &Args, kinds: &[Kind]) -> Result<Vec<Vec<Value>>, StoreError> {
        let kept = self.prepared(compiled)?;
        let mut statement = kept.borrow_mut();
        bind_all(&mut statement, &compiled.params, Inputs { literals, offset: 0, args }, None)?;
        let mut rows = statement.raw_query();
        let mut all = Vec::new();
        while let Some(row) = rows.next().map_err(|error| from_sqlite(&error))? {
            let values: Result<Vec<Value>, StoreError> = kinds
                .iter()
                .enumerate()
                .map(|(at, kind)| Ok(cells::value(cell(row, at)?, *kind)))
                .collect();
            all.push(values?);
        }
        Ok(all)
    }

    /// Runs a statement that gives no rows, or whose rows don't matter, with literal parameters; gives the number of rows changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn execute(&self, compiled: &Compiled, literals: &[Value], args: &Args) -> Result<usize, StoreError> {
        let kept = self.prepared(compiled)?;
        let mut statement = kept.borrow_mut();
        bind_all(&mut statement, &compiled.params, Inputs { literals, offset: 0, args }, None)?;
        statement.raw_execute().map_err(|error| from_sqlite(&error))
    }
}

pub(super) fn cell<'r>(row: &'r Row<'_>, at: usize) -> Result<ValueRef<'r>, StoreError> {
    row.get_ref(at).map_err(|error| from_sqlite(&error))
}

fn is_true(value: ValueRef<'_>) -> bool {
    matches!(value, ValueRef::Integer(number) if number != 0)
}

fn applies(child: &Child, row: &Row<'_>) -> bool {
    match &child.only {
        Some((at, value)) => matches!(row.get_ref(*at), Ok(ValueRef::Text(text)) if text == value.as_slice()),
        None => true,
    }
}

fn has_null(child: &Child, row: &Row<'_>) -> Result<bool, StoreError> {
    for at in &child.parent {
        if cell(row, *at)? == ValueRef::Null {
            return Ok(true);
        }
    }
    Ok(false)
}

type Named = (Box<[u8]>, usize, glaze_sql::query::Kind);

fn write_object(out: &mut Vec<u8>, row: &Row<'_>, members: &[Named], nullable: bool) -> Result<(), StoreError> {
    let begin = out.len();
    let mut all_null = true;
    for (name, at, kind) in members {
        let value = cell(row, *at)?;
        all_null &= value == ValueRef::Null;
        out.extend_from_slice(name);
        cells::write(out, value, *kind);
    }
    if members.is_empty() {
        out.push(b'{');
    }
    out.push(b'}');
    if all_null && nullable {
        out.truncate(begin);
        json::null(out);
    }
    Ok(())
}

pub(super) fn bind_all(
    statement: &mut Statement<'_>,
    params: &[Param],
    inputs: Inputs<'_>,
    parent: Option<Parent<'_>>,
) -> Result<(), StoreError> {
    for (at, param) in params.iter().enumerate() {
        let filled = param.slot.fill(inputs.literals, inputs.offset, inputs.args);
        let output = match filled {
            Filled::Value(value) => cells::bind(value, param.form)?,
            Filled::Me(Some(id)) => ToSqlOutput::Owned(Native::Text(id.hyphenated().to_string())),
            Filled::Me(None) => ToSqlOutput::Borrowed(ValueRef::Null),
            Filled::Now(now) => ToSqlOutput::Owned(Native::Text(glaze_sql::query::calendar::sortable_date_time(now))),
            Filled::Count(count) => ToSqlOutput::Owned(Native::Integer(i64::try_from(count).unwrap_or(i64::MAX))),
            Filled::Parent(part) => {
                let parent = parent.ok_or_else(|| StoreError::Other("a look-up without a parent".to_owned()))?;
                ToSqlOutput::Borrowed(cell(parent.row, parent.columns[part as usize])?)
            }
        };
        statement.raw_bind_parameter(at + 1, output).map_err(|error| from_sqlite(&error))?;
    }
    Ok(())
}
