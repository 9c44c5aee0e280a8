//! Asks the database how it spells what is wanted: makes the tables in a scratch schema, reads them back, rolls back.

use std::collections::{HashMap, HashSet};

use glaze_converge::{
    catalog::{Catalog, Check, Column, EnumDef, Index, ObjectName, Table},
    dialect::CatalogDialect,
    port::{DatabaseError, Scope},
    step::{Action, Step},
};
use tokio_postgres::Client;

use super::{PostgresDialect, ident::quote_ident, introspect, refused};

/// One expression of a table that is not spelled as the database has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    /// Type, default and generated expression of a column.
    Column(usize),
    Check(usize),
    Index(usize),
}

/// `desired` with its expressions as this database gives them back. What it cannot make (a type that is not there yet) stays
/// as it is. `nested` says that a transaction is open already, which goes on afterwards.
pub(super) async fn canonicalise(client: &Client, desired: &Catalog, current: &Catalog, nested: bool) -> Result<Catalog, DatabaseError> {
    let mut answer = desired.clone();
    let open: Vec<(usize, Vec<Place>)> = desired
        .tables
        .iter()
        .enumerate()
        .filter_map(|(at, table)| {
            let places = open_places(table, current.table(&table.name)?);
            (!places.is_empty()).then_some((at, places))
        })
        .collect();
    if open.is_empty() {
        return Ok(answer);
    }
    let (begin, end) = if nested {
        (
            "SAVEPOINT glaze_ask",
            "ROLLBACK TO SAVEPOINT glaze_ask; RELEASE SAVEPOINT glaze_ask",
        )
    } else {
        ("BEGIN", "ROLLBACK")
    };
    run(client, begin).await?;
    let result = ask(client, desired, current, &open, &mut answer).await;
    run(client, end).await?;
    result.map(|()| answer)
}

/// What of a table the database has not said in these words already.
fn open_places(wanted: &Table, there: &Table) -> Vec<Place> {
    let columns: HashMap<&str, &Column> = there.columns.iter().map(|column| (column.name.as_str(), column)).collect();
    let checks: HashSet<&str> = there.checks.iter().map(|check| check.expr.as_str()).collect();
    let said = |index: &Index| {
        there.indexes.iter().any(|other| {
            let texts = |index: &Index| index.parts.iter().map(|part| part.text.clone()).collect::<Vec<_>>();
            other.filter == index.filter && texts(other) == texts(index)
        })
    };
    let column_differs = |column: &Column| {
        columns.get(column.name.as_str()).is_none_or(|other| {
            other.ty != column.ty
                || (column.default.is_some() && other.default != column.default)
                || (column.generated.is_some() && other.generated != column.generated)
        })
    };
    let mut places = Vec::new();
    places.extend(
        (0..wanted.columns.len())
            .filter(|at| column_differs(&wanted.columns[*at]))
            .map(Place::Column),
    );
    places.extend(
        (0..wanted.checks.len())
            .filter(|at| !checks.contains(wanted.checks[*at].expr.as_str()))
            .map(Place::Check),
    );
    let has_sql = |index: &Index| index.exotic.is_none() && (index.filter.is_some() || index.parts.iter().any(|part| part.is_expr));
    places.extend(
        (0..wanted.indexes.len())
            .filter(|at| has_sql(&wanted.indexes[*at]) && !said(&wanted.indexes[*at]))
            .map(Place::Index),
    );
    places
}

async fn ask(
    client: &Client,
    desired: &Catalog,
    current: &Catalog,
    open: &[(usize, Vec<Place>)],
    answer: &mut Catalog,
) -> Result<(), DatabaseError> {
    let scratch = format!("glaze_scratch_{}", std::process::id());
    match run(client, &format!("CREATE SCHEMA {}", quote_ident(&scratch))).await {
        // Who may only read cannot ask: what the rules say has to do.
        Err(DatabaseError::Refused { code, .. }) if matches!(code.as_str(), "42501" | "25006") => return Ok(()),
        other => other?,
    }
    let missing = |item: &&EnumDef| !current.enums.iter().any(|other| other.name == item.name);
    for item in desired.enums.iter().filter(missing) {
        attempt(client, &PostgresDialect.render(&alter(Step::EnumCreate { item: item.clone() }))).await?;
    }
    for (at, places) in open {
        let table = &desired.tables[*at];
        let all = draft(table, &scratch, *at, places);
        if attempt(client, &create(&all)).await? {
            continue;
        }
        // Something in it cannot be made: the pieces by themselves, as far as they go.
        let bare = draft(table, &scratch, *at, &[]);
        if !attempt(client, &create(&bare)).await? {
            continue;
        }
        for place in places {
            let only = draft(table, &scratch, *at, std::slice::from_ref(place));
            attempt(client, &add(&only, *place, table)).await?;
        }
    }
    let scope = Scope {
        schemas: vec![scratch],
        ..Scope::default()
    };
    let made = introspect::introspect(client, &scope).await?;
    for (at, places) in open {
        let name = format!("t{at}");
        let Some(table) = made.tables.iter().find(|table| table.name.name == name) else {
            continue;
        };
        for place in places {
            take(&mut answer.tables[*at], table, *place);
        }
    }
    Ok(())
}

/// The table with only those of its expressions that are asked about, under names by which they are found again.
fn draft(table: &Table, scratch: &str, at: usize, places: &[Place]) -> Table {
    let columns = table.columns.iter().enumerate().map(|(at, column)| {
        let asked = places.contains(&Place::Column(at));
        Column {
            name: column.name.clone(),
            ty: column.ty.clone(),
            nullable: true,
            default: column.default.clone().filter(|_| asked),
            generated: column.generated.clone().filter(|_| asked),
            ..Column::default()
        }
    });
    let checks = table
        .checks
        .iter()
        .enumerate()
        .filter(|(at, _)| places.contains(&Place::Check(*at)));
    let indexes = table
        .indexes
        .iter()
        .enumerate()
        .filter(|(at, _)| places.contains(&Place::Index(*at)));
    Table {
        name: ObjectName {
            schema: Some(scratch.to_owned()),
            name: format!("t{at}"),
        },
        columns: columns.collect(),
        checks: checks
            .map(|(at, check)| Check {
                name: Some(format!("c{at}")),
                expr: check.expr.clone(),
                not_valid: false,
            })
            .collect(),
        indexes: indexes
            .map(|(n, index)| Index {
                name: format!("i{at}_{n}"),
                ..index.clone()
            })
            .collect(),
        ..Table::default()
    }
}

fn alter(step: Step) -> Action {
    Action::Alter(Box::new(step))
}

fn create(table: &Table) -> Vec<String> {
    PostgresDialect.render(&alter(Step::TableCreate { table: table.clone() }))
}

/// Statements that add one piece to a draft that is there.
fn add(draft: &Table, place: Place, wanted: &Table) -> Vec<String> {
    let table = draft.name.clone();
    let steps: Vec<Step> = match place {
        Place::Column(at) => {
            let column = draft.columns[at].clone();
            vec![
                Step::ColumnDrop {
                    table: table.clone(),
                    column: wanted.columns[at].clone(),
                },
                Step::ColumnAdd {
                    table,
                    column,
                    fill: None,
                    checks: Vec::new(),
                    foreign_key: None,
                },
            ]
        }
        Place::Check(_) => draft
            .checks
            .iter()
            .map(|check| Step::CheckAdd {
                table: table.clone(),
                check: check.clone(),
            })
            .collect(),
        Place::Index(_) => draft
            .indexes
            .iter()
            .map(|index| Step::IndexCreate {
                table: table.clone(),
                index: index.clone(),
            })
            .collect(),
    };
    steps.into_iter().flat_map(|step| PostgresDialect.render(&alter(step))).collect()
}

/// Takes over what the database said.
fn take(wanted: &mut Table, made: &Table, place: Place) {
    match place {
        Place::Column(at) => {
            let column = &mut wanted.columns[at];
            let Some(said) = made.column(&column.name) else { return };
            column.ty.clone_from(&said.ty);
            if column.default.is_some() && said.default.is_some() {
                column.default.clone_from(&said.default);
            }
            if column.generated.is_some() && said.generated.is_some() {
                column.generated.clone_from(&said.generated);
            }
        }
        Place::Check(at) => {
            let name = format!("c{at}");
            if let Some(said) = made.checks.iter().find(|check| check.name.as_ref() == Some(&name)) {
                wanted.checks[at].expr.clone_from(&said.expr);
            }
        }
        Place::Index(at) => {
            let ending = format!("_{at}");
            if let Some(said) = made.indexes.iter().find(|index| index.name.ends_with(&ending)) {
                wanted.indexes[at].filter.clone_from(&said.filter);
                wanted.indexes[at].parts.clone_from(&said.parts);
                let definition = said.exotic.as_deref().and_then(|sql| sql.split_once(" USING "));
                wanted.indexes[at].exotic = definition.map(|(_, rest)| exotic(&wanted.name, &wanted.indexes[at], rest));
            }
        }
    }
}

/// The definition of an index that only the database can spell, on its own table and under its own name.
fn exotic(table: &ObjectName, index: &Index, rest: &str) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let schema = table
        .schema
        .as_deref()
        .map_or(String::new(), |schema| format!("{}.", quote_ident(schema)));
    let (name, table) = (quote_ident(&index.name), quote_ident(&table.name));
    format!("CREATE {unique}INDEX {name} ON {schema}{table} USING {rest}")
}

async fn run(client: &Client, sql: &str) -> Result<(), DatabaseError> {
    client.batch_execute(sql).await.map_err(|error| refused(&error, sql))
}

/// Whether the statements worked; what did not leaves nothing behind.
async fn attempt(client: &Client, statements: &[String]) -> Result<bool, DatabaseError> {
    run(client, "SAVEPOINT attempt").await?;
    let sql = statements.join(";\n");
    match client.batch_execute(&sql).await {
        Ok(()) => {
            run(client, "RELEASE SAVEPOINT attempt").await?;
            Ok(true)
        }
        Err(error) if error.as_db_error().is_some() => {
            run(client, "ROLLBACK TO SAVEPOINT attempt").await?;
            Ok(false)
        }
        Err(error) => Err(refused(&error, &sql)),
    }
}
