//! Reading a page of rows.

use std::cmp::Ordering;

use glaze_data::store::{Answer, StoreError};
use glaze_model::Value;
use glaze_sql::query::{
    ReadPlan, Statement,
    plan::{Node, SPARE, Streamed},
};
use rusqlite::{Row, types::ValueRef};

use super::{
    cells,
    error::from_sqlite,
    session::{Inputs, STATEMENTS, Session, bind_all, cell},
};

impl Session<'_> {
    pub(super) fn read_list(&self, plan: &ReadPlan, inputs: Inputs<'_>, answer: &mut Answer) -> Result<(), StoreError> {
        let node = &plan.root;
        if let Some(streamed) = &node.streamed
            && self.streams(&node.statement, &streamed.statement)?
        {
            let begin = answer.body.len();
            if self.read_page(plan, &streamed.statement, Some(streamed), inputs, answer)? {
                return Ok(());
            }
            answer.body.truncate(begin);
        }
        self.read_page(plan, &node.statement, None, inputs, answer).map(|_| ())
    }

    /// Whether SQLite sorts for the last term of the order only, and not at all without it.
    fn streams(&self, sorted: &Statement, streamed: &Statement) -> Result<bool, StoreError> {
        if let Some(known) = self.streams.borrow().get(&sorted.id) {
            return Ok(*known);
        }
        let last = |step: &String| step.contains("TEMP B-TREE FOR LAST TERM") || step.contains("TEMP B-TREE FOR RIGHT PART");
        let better = self.steps(sorted)?.iter().any(last) && !self.steps(streamed)?.iter().any(|step| step.contains("TEMP B-TREE"));
        let mut known = self.streams.borrow_mut();
        if known.len() >= STATEMENTS {
            known.clear();
        }
        known.insert(sorted.id, better);
        Ok(better)
    }

    /// How SQLite would run a statement.
    fn steps(&self, statement: &Statement) -> Result<Vec<String>, StoreError> {
        let explain = format!("EXPLAIN QUERY PLAN {}", statement.sql);
        let steps = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.conn.prepare(&explain)?;
            statement.raw_query().mapped(|row| row.get("detail")).collect()
        };
        steps().map_err(|error| from_sqlite(&error))
    }

    /// `false` when a page read in the order of an index has more ties than it may, or values it can't put into order.
    fn read_page(
        &self,
        plan: &ReadPlan,
        statement: &Statement,
        streamed: Option<&Streamed>,
        inputs: Inputs<'_>,
        answer: &mut Answer,
    ) -> Result<bool, StoreError> {
        let node = &plan.root;
        let kept = self.prepared(statement)?;
        let mut prepared = kept.borrow_mut();
        bind_all(&mut prepared, &statement.params, inputs, None)?;
        let mut rows = prepared.raw_query();
        self.begin_rows();
        let limit = plan.limit.map_or(usize::MAX, |limit| limit as usize);
        let mut page = Page::new(&mut answer.body, node, plan.edges || streamed.is_some());
        let mut more = false;
        while let Some(row) = rows.next().map_err(|error| from_sqlite(&error))? {
            let tied = match streamed {
                None => false,
                Some(_) => match page.is_tied(row)? {
                    Some(tied) => tied,
                    None => return Ok(false),
                },
            };
            if page.ends.len() >= limit && !tied {
                more = true;
                break;
            }
            if tied && page.ends.len() >= limit.saturating_add(SPARE) {
                return Ok(false);
            }
            page.open_row(row, tied)?;
            self.write_row(node, row, inputs, page.body)?;
            page.ends.push(page.body.len());
        }
        let order = page.order(limit, streamed.is_some_and(|streamed| streamed.desc), plan.reversed);
        answer.more = more || order.len() < page.ends.len();
        answer.rows = order.len();
        answer.edges = page.edges(&order).filter(|_| plan.edges);
        page.close(&order);
        Ok(true)
    }
}

/// The rows of a page as they are written.
struct Page<'a> {
    body: &'a mut Vec<u8>,
    node: &'a Node,
    /// Where the first row begins.
    begin: usize,
    /// Where each row ends.
    ends: Vec<usize>,
    /// Whether a row has the order's values of the one before, the last term left out.
    tied: Vec<bool>,
    /// The order's values of all rows, one row after the other, when they are kept.
    cells: Option<Vec<Kept>>,
    /// Text and bytes of `cells`.
    bytes: Vec<u8>,
}

/// A cell that outlives its row.
enum Kept {
    Null,
    Integer(i64),
    Real(f64),
    Text(std::ops::Range<usize>),
    Blob(std::ops::Range<usize>),
}

impl<'a> Page<'a> {
    fn new(body: &'a mut Vec<u8>, node: &'a Node, keep: bool) -> Page<'a> {
        body.push(b'[');
        Page {
            begin: body.len(),
            body,
            node,
            ends: Vec::new(),
            tied: Vec::new(),
            cells: keep.then(Vec::new),
            bytes: Vec::new(),
        }
    }

    fn cell(&self, row: usize, term: usize) -> ValueRef<'_> {
        let at = row * self.node.order.len() + term;
        match self.cells.as_ref().and_then(|cells| cells.get(at)) {
            None | Some(Kept::Null) => ValueRef::Null,
            Some(Kept::Integer(number)) => ValueRef::Integer(*number),
            Some(Kept::Real(number)) => ValueRef::Real(*number),
            Some(Kept::Text(range)) => ValueRef::Text(&self.bytes[range.clone()]),
            Some(Kept::Blob(range)) => ValueRef::Blob(&self.bytes[range.clone()]),
        }
    }

    /// Whether this row and the one before differ in the last term only. Nothing when that can't be said.
    fn is_tied(&self, row: &Row<'_>) -> Result<Option<bool>, StoreError> {
        let Some((last, terms)) = self.node.order.split_last() else {
            return Ok(None);
        };
        if !matches!(cell(row, *last)?, ValueRef::Integer(_) | ValueRef::Text(_)) {
            return Ok(None);
        }
        let Some(before) = self.ends.len().checked_sub(1) else {
            return Ok(Some(false));
        };
        for (term, at) in terms.iter().enumerate() {
            match (self.cell(before, term), cell(row, *at)?) {
                // Equal for SQLite when the numbers are.
                (ValueRef::Integer(_), ValueRef::Real(_)) | (ValueRef::Real(_), ValueRef::Integer(_)) => return Ok(None),
                (one, other) if one != other => return Ok(Some(false)),
                _ => {}
            }
        }
        Ok(Some(true))
    }

    /// What comes before a row's object.
    fn open_row(&mut self, row: &Row<'_>, tied: bool) -> Result<(), StoreError> {
        if !self.ends.is_empty() {
            self.body.push(b',');
        }
        self.tied.push(tied);
        let Some(cells) = &mut self.cells else { return Ok(()) };
        for at in &self.node.order {
            let begin = self.bytes.len();
            let mut keep = |bytes: &[u8]| {
                self.bytes.extend_from_slice(bytes);
                begin..begin + bytes.len()
            };
            cells.push(match cell(row, *at)? {
                ValueRef::Null => Kept::Null,
                ValueRef::Integer(number) => Kept::Integer(number),
                ValueRef::Real(number) => Kept::Real(number),
                ValueRef::Text(text) => Kept::Text(keep(text)),
                ValueRef::Blob(bytes) => Kept::Blob(keep(bytes)),
            });
        }
        Ok(())
    }

    /// The rows of the page in their order.
    fn order(&self, limit: usize, desc: bool, reversed: bool) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.ends.len()).collect();
        let last = self.node.order.len().saturating_sub(1);
        let compare = |one: &usize, other: &usize| {
            let by_key = by_key(self.cell(*one, last), self.cell(*other, last));
            if desc { by_key.reverse() } else { by_key }
        };
        let mut from = 0;
        while from < order.len() {
            let ties = self.tied[from + 1..].iter().take_while(|tied| **tied).count();
            order[from..=from + ties].sort_by(compare);
            from += ties + 1;
        }
        order.truncate(limit);
        if reversed {
            order.reverse();
        }
        order
    }

    /// The order's values of the first and the last row.
    fn edges(&self, order: &[usize]) -> Option<(Vec<Value>, Vec<Value>)> {
        let values = |row: usize| {
            let terms = self.node.order.iter().enumerate();
            terms
                .map(|(term, at)| cells::value(self.cell(row, term), self.node.columns[*at]))
                .collect()
        };
        Some((values(*order.first()?), values(*order.last()?)))
    }

    /// Ends the array; the rows then stand in this order.
    fn close(self, order: &[usize]) {
        let as_read = order.len() == self.ends.len() && order.iter().enumerate().all(|(at, row)| at == *row);
        if !as_read {
            let rows = self.body.split_off(self.begin);
            for (at, row) in order.iter().enumerate() {
                if at > 0 {
                    self.body.push(b',');
                }
                let from = row.checked_sub(1).map_or(self.begin, |before| self.ends[before] + 1);
                self.body.extend_from_slice(&rows[from - self.begin..self.ends[*row] - self.begin]);
            }
        }
        self.body.push(b']');
    }
}

fn by_key(one: ValueRef<'_>, other: ValueRef<'_>) -> Ordering {
    match (one, other) {
        (ValueRef::Integer(one), ValueRef::Integer(other)) => one.cmp(&other),
        (ValueRef::Text(one), ValueRef::Text(other)) => one.cmp(other),
        // Numbers come before text.
        (ValueRef::Integer(_), _) => Ordering::Less,
        (_, ValueRef::Integer(_)) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}
