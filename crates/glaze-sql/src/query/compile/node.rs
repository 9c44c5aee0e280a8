//! One statement per level of the answer.

use glaze_data::{
    bound::{BoundRead, Page},
    store::StoreError,
};
use glaze_expr::tree::{EntityIx, FieldIx};

use super::{
    Known,
    seek::{OrderKey, after, order_keys},
    select::Select,
};
use crate::query::{
    Cell, Form, Join, Kind, Slot, Statement, Tables,
    plan::{Child, Each, Node, SPARE, Streamed},
    render::{Literals, Renderer},
};

fn select<'a, 'k>(tables: Tables<'a>, known: &'k Known, entity: EntityIx) -> Select<'a, 'k>
where
    'k: 'a,
{
    let mut renderer = Renderer::new(tables, Literals::Bound(known));
    let alias = renderer.alias();
    Select {
        renderer,
        known,
        alias,
        entity,
        outputs: Vec::new(),
        kinds: Vec::new(),
        members: Vec::new(),
        children: Vec::new(),
    }
}

/// The statement for the rows asked for.
pub(super) fn root<'a>(tables: Tables<'a>, known: &'a Known, read: &BoundRead, sieved: bool) -> Result<Node, StoreError> {
    let mut select = select(tables, known, read.entity);
    select.select(read)?;
    select.renderer.sieved = sieved;
    let alias = select.alias.clone();
    let mut conditions = Vec::new();
    if read.page == Page::Key {
        for (at, column) in tables.key(read.entity)?.iter().enumerate() {
            let sql = select.renderer.column(&alias, &column.name);
            let param = select.renderer.param(Slot::Key(at as u32), Form::Column(column.kind), None)?;
            conditions.push(format!("{sql} = {param}"));
        }
    }
    conditions.push(select.renderer.filter(&read.filter, &alias, read.entity)?);
    let reversed = matches!(read.page, Page::Seek { before: true, .. });
    let keys = match read.page {
        Page::Key => Vec::new(),
        _ => order_keys(&mut select.renderer, &alias, read.entity, &read.order, reversed)?,
    };
    if let Page::Seek { from, .. } = &read.page {
        conditions.push(after(&mut select.renderer, &keys, from)?);
    }
    let order = keys.iter().map(|key| select.output(&key.piece.sql, key.piece.kind)).collect();
    let mut tail = order_by(&keys);
    match &read.page {
        Page::Key | Page::PerParent { limit: None } => {}
        Page::PerParent { limit: Some(limit) } => tail += &format!(" LIMIT {limit}"),
        Page::Offset { limit, offset } => {
            tail += &format!(" LIMIT {}", limit.saturating_add(1));
            if *offset > 0 {
                let param = select.renderer.param(Slot::Offset, Form::Plain, Some(Cell::Int.into()))?;
                tail += &format!(" OFFSET {param}");
            }
        }
        Page::Seek { limit, .. } => tail += &format!(" LIMIT {}", limit.saturating_add(1)),
    }
    let from = format!("{} {alias}", tables.table(read.entity));
    let rows = format!("SELECT {} FROM {from}{}", outputs(&select), condition(&conditions));
    let streamed = streamed(&select, read, &keys, &rows)?;
    let mut node = finish(select, format!("{rows}{tail}"), order, Vec::new());
    node.streamed = streamed;
    Ok(node)
}

/// The page in an order that an index may have, when the last term is a part of the key and what is compared is what is put out.
fn streamed(select: &Select<'_, '_>, read: &BoundRead, keys: &[OrderKey], rows: &str) -> Result<Option<Streamed>, StoreError> {
    let tables = select.tables();
    let limit = match read.page {
        Page::Offset { limit, offset: 0 } | Page::Seek { limit, .. } => limit,
        _ => return Ok(None),
    };
    let Some((last, first)) = keys.split_last().filter(|(_, first)| !first.is_empty()) else {
        return Ok(None);
    };
    let mut key = tables.key(read.entity)?.into_iter();
    let is_key = key.any(|column| select.renderer.column(&select.alias, &column.name) == last.key);
    if tables.dialect.batches() || !is_key || last.nullable || keys.iter().any(|key| key.key != key.piece.sql) {
        return Ok(None);
    }
    let limit = limit.saturating_add(1 + SPARE as u64);
    let sql = format!("{rows}{} LIMIT {limit}", order_by(first));
    Ok(Some(Streamed {
        statement: Statement::new(sql, select.renderer.params.clone()),
        desc: last.desc,
    }))
}

fn outputs(select: &Select<'_, '_>) -> String {
    if select.outputs.is_empty() {
        "1".to_owned()
    } else {
        select.outputs.join(", ")
    }
}

fn condition(conditions: &[String]) -> String {
    let real: Vec<_> = conditions
        .iter()
        .map(String::as_str)
        .filter(|condition| *condition != "TRUE")
        .collect();
    if real.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", real.join(" AND "))
    }
}

fn order_by(keys: &[OrderKey]) -> String {
    let clauses: Vec<_> = keys.iter().map(OrderKey::clause).collect();
    if clauses.is_empty() {
        String::new()
    } else {
        format!(" ORDER BY {}", clauses.join(", "))
    }
}

fn finish(select: Select<'_, '_>, sql: String, order: Vec<usize>, link: Vec<usize>) -> Node {
    let close: &'static [u8] = if select.members.is_empty() { b"{}" } else { b"}" };
    Node {
        statement: Statement::new(sql, select.renderer.params),
        row: select.members,
        close,
        columns: select.kinds,
        order,
        link,
        each: None,
        streamed: None,
        children: select.children,
    }
}

/// How the rows of a child find their parent.
struct Link {
    /// Columns of the parent, as SQL under the parent's alias with their kinds.
    parent: Vec<(String, Kind)>,
    /// What of the child's row (or of the join table) equals them.
    own: Vec<(String, Kind)>,
    /// What of the child's row is reported as the parent's key.
    reported: Vec<(String, Kind)>,
    /// Columns of the target that a join table repeats, as SQL: ordering by the latter needs no sorting, its key has that order.
    repeated: Vec<(String, String)>,
    /// Tables beside the child's own.
    from: String,
    /// Further conditions.
    on: Vec<String>,
    /// Column of the parent's type and its value.
    only: Option<(String, String)>,
}

/// The statement for the rows of a relation of `parent`'s rows.
pub(super) fn child(
    parent: &mut Select<'_, '_>,
    field: FieldIx,
    target: EntityIx,
    read: &BoundRead,
    ty: Option<&str>,
    one: bool,
) -> Result<Child, StoreError> {
    let tables = parent.tables();
    let mut own = select(tables, parent.known, target);
    if let Some(ty) = ty {
        own.constant("type", ty);
    }
    own.select(read)?;
    let link = link(parent, &mut own, field, target)?;
    let parent_columns = link.parent.iter().map(|(sql, kind)| parent.output(sql, *kind)).collect();
    let only = link
        .only
        .as_ref()
        .map(|(sql, value)| (parent.output(sql, Cell::Text.into()), value.clone().into_bytes()));
    let node = if tables.dialect.batches() {
        batch(own, &link, read, one)?
    } else {
        look_up(own, &link, read, one)?
    };
    Ok(Child {
        parent: parent_columns,
        only,
        by_key: node.is_by_key(),
        node,
    })
}

fn link(parent: &Select<'_, '_>, own: &mut Select<'_, '_>, field: FieldIx, target: EntityIx) -> Result<Link, StoreError> {
    let tables = parent.tables();
    let (above, alias) = (parent.alias.as_str(), own.alias.clone());
    let kinds = |entity: EntityIx, name: &str| tables.column_kind(entity, name);
    let mut link = Link {
        parent: Vec::new(),
        own: Vec::new(),
        reported: Vec::new(),
        repeated: Vec::new(),
        from: String::new(),
        on: Vec::new(),
        only: None,
    };
    match tables.join(parent.entity, field, target)? {
        Join::Columns(pairs) => {
            for (here, there) in pairs {
                link.parent.push((own.renderer.column(above, &here), kinds(parent.entity, &here)?));
                link.own.push((own.renderer.column(&alias, &there), kinds(target, &there)?));
            }
        }
        Join::Table { table, here, there } => {
            let joined = own.renderer.alias();
            link.repeated = there
                .iter()
                .map(|(linked, other)| (own.renderer.column(&alias, other), own.renderer.column(&joined, linked)))
                .collect();
            let on: Vec<_> = there
                .iter()
                .map(|(linked, other)| format!("{} = {}", own.renderer.column(&alias, other), own.renderer.column(&joined, linked)))
                .collect();
            link.from = format!("{table} {joined} JOIN {} {alias} ON {}", tables.table(target), on.join(" AND "));
            for (key, linked) in here {
                let kind = kinds(parent.entity, &key)?;
                link.parent.push((own.renderer.column(above, &key), kind));
                link.own.push((own.renderer.column(&joined, &linked), kind));
            }
        }
        Join::Polymorphic { ty, id, value, key } => {
            link.parent.push((own.renderer.column(above, &id), Cell::Text.into()));
            link.own.push((own.renderer.column(&alias, &key.name), key.kind));
            let text = tables
                .dialect
                .as_text(&crate::query::Piece::new(own.renderer.column(&alias, &key.name), key.kind));
            link.reported.push((text, Cell::Text.into()));
            link.only = Some((own.renderer.column(above, &ty), value));
        }
        Join::PolymorphicInverse { ty, id, value, key } => {
            let text = tables
                .dialect
                .as_text(&crate::query::Piece::new(own.renderer.column(above, &key.name), key.kind));
            link.parent.push((text, Cell::Text.into()));
            link.own.push((own.renderer.column(&alias, &id), Cell::Text.into()));
            link.on.push(format!(
                "{} = {}",
                own.renderer.column(&alias, &ty),
                tables.dialect.text_literal(&value)
            ));
        }
    }
    if link.from.is_empty() {
        link.from = format!("{} {alias}", tables.table(target));
    }
    if link.reported.is_empty() {
        link.reported = link.own.clone();
    }
    Ok(link)
}

fn per_parent(read: &BoundRead) -> Option<u64> {
    match read.page {
        Page::PerParent { limit } => limit,
        _ => None,
    }
}

/// One parent at a time.
fn look_up(mut own: Select<'_, '_>, link: &Link, read: &BoundRead, one: bool) -> Result<Node, StoreError> {
    let alias = own.alias.clone();
    let mut conditions = link.on.clone();
    for (at, (sql, _)) in link.own.iter().enumerate() {
        let param = own.renderer.param(Slot::Parent(at as u32), Form::Plain, None)?;
        conditions.push(format!("{sql} = {param}"));
    }
    conditions.push(own.renderer.filter(&read.filter, &alias, own.entity)?);
    let mut tail = String::new();
    if !one {
        let mut keys = order_keys(&mut own.renderer, &alias, own.entity, &read.order, false)?;
        for key in &mut keys {
            if let Some((_, linked)) = link.repeated.iter().find(|(column, _)| *column == key.key) {
                key.key.clone_from(linked);
            }
        }
        tail = order_by(&keys);
        if let Some(limit) = per_parent(read) {
            tail += &format!(" LIMIT {limit}");
        }
    }
    let sql = format!("SELECT {} FROM {}{}{tail}", outputs(&own), link.from, condition(&conditions));
    Ok(finish(own, sql, Vec::new(), Vec::new()))
}

/// Rows that a batch with a limit per parent fetches at first, without regard to parents: nearly always all there are, and much
/// cheaper than limiting for each parent. When there are more, the statement that limits for each is run instead.
const BATCH: u64 = 2000;

/// All parents at once: their keys are arrays.
fn batch(mut own: Select<'_, '_>, link: &Link, read: &BoundRead, one: bool) -> Result<Node, StoreError> {
    let alias = own.alias.clone();
    let limit = if one { None } else { per_parent(read) };
    let mut arrays = Vec::with_capacity(link.own.len());
    for (at, (_, kind)) in link.own.iter().enumerate() {
        let cast = (limit.is_some() || link.own.len() > 1).then_some(Kind { list: true, ..*kind });
        arrays.push(own.renderer.param(Slot::Parent(at as u32), Form::Plain, cast)?);
    }
    let together = match link.own.as_slice() {
        [(sql, _)] => format!("{sql} = ANY({})", arrays[0]),
        columns => {
            let left: Vec<_> = columns.iter().map(|(sql, _)| sql.as_str()).collect();
            format!("({}) IN (SELECT * FROM unnest({}))", left.join(", "), arrays.join(", "))
        }
    };
    let filter = own.renderer.filter(&read.filter, &alias, own.entity)?;
    let keys = if one {
        Vec::new()
    } else {
        order_keys(&mut own.renderer, &alias, own.entity, &read.order, false)?
    };
    let links = link.reported.iter().map(|(sql, kind)| own.output(sql, *kind)).collect();
    let rows = |joined: Vec<String>| {
        let conditions: Vec<String> = link.on.iter().cloned().chain(joined).chain([filter.clone()]).collect();
        format!(
            "SELECT {} FROM {}{}{}",
            outputs(&own),
            link.from,
            condition(&conditions),
            order_by(&keys)
        )
    };
    let mut sql = rows(vec![together]);
    let mut each = None;
    if let Some(limit) = limit {
        sql += &format!(" LIMIT {}", BATCH + 1);
        let names: Vec<_> = (0..arrays.len()).map(|at| format!("k{at}")).collect();
        let joined = link
            .own
            .iter()
            .enumerate()
            .map(|(at, (sql, _))| format!("{sql} = p.k{at}"))
            .collect();
        each = Some(format!(
            "SELECT c.* FROM unnest({}) AS p({}) CROSS JOIN LATERAL ({} LIMIT {limit}) AS c",
            arrays.join(", "),
            names.join(", "),
            rows(joined)
        ));
    }
    let params = own.renderer.params.clone();
    let mut node = finish(own, sql, Vec::new(), links);
    node.each = each.map(|sql| Each {
        most: BATCH,
        limit: limit.unwrap_or(0),
        statement: Statement::new(sql, params),
    });
    Ok(node)
}
