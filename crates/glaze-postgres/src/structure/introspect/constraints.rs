//! Keys, foreign keys, checks and exclusions.

use glaze_converge::catalog::{Check, Deferrable, Dependency, ForeignKey, Key, ObjectName, Unmodelled};
use glaze_model::OnDelete;
use tokio_postgres::Row;

use super::{Found, bare, name};

/// Constraints of tables in scope, and foreign keys of others that point at them. What is in
/// braces depends on the version.
pub(super) const CONSTRAINTS: &str = "
SELECT c.conrelid, n.nspname::text, r.relname::text, c.conname::text, c.contype::text,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY k.n),
       tn.nspname::text, t.relname::text,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(num, n)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY k.n),
       c.confdeltype::text, c.confupdtype::text, c.condeferrable, c.condeferred, c.convalidated, c.confmatchtype::text,
       pg_get_expr(c.conbin, c.conrelid), CASE WHEN c.contype IN ('x', 'f') OR c.connoinherit THEN pg_get_constraintdef(c.oid) END,
       COALESCE({nulls_not_distinct}, false),
       ARRAY(SELECT quote_ident(a.attname) FROM generate_series(i.indnkeyatts, i.indnatts - 1) k
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] ORDER BY k)::text[],
       ic.reloptions, s.spcname::text,
       (c.contype = 'c' AND c.connoinherit) OR {set_columns},
       quote_ident(n.nspname) || '.' || quote_ident(r.relname), quote_ident(c.conname), r.relispartition
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid
JOIN pg_namespace n ON n.oid = r.relnamespace
LEFT JOIN pg_class t ON t.oid = c.confrelid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u')
LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
LEFT JOIN pg_tablespace s ON s.oid = ic.reltablespace
WHERE c.conparentid = 0 AND c.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (n.nspname = ANY($1) OR tn.nspname = ANY($1))
ORDER BY c.conrelid, c.oid";

impl Found {
    pub(super) fn constraints(&mut self, rows: &[Row]) {
        for row in rows {
            let kind: &str = row.get(4);
            let columns: Vec<String> = row.get(5);
            if !self.at.contains_key(&row.get::<_, u32>(0)) {
                self.foreign(row);
                continue;
            }
            // `NO INHERIT` checks and `SET NULL (columns)` have no place in the catalog.
            let special: bool = row.get(21);
            if kind == "x" || (special && matches!(kind, "c" | "f")) {
                self.special(row, columns);
                continue;
            }
            let Some(table) = self.table(row.get(0)) else { continue };
            match kind {
                "p" => table.primary_key = Some(key(row, columns)),
                "u" => table.uniques.push(key(row, columns)),
                "c" => table.checks.push(Check {
                    name: row.get(3),
                    expr: bare(row.get::<_, Option<&str>>(15).unwrap_or_default()).to_owned(),
                    not_valid: !row.get::<_, bool>(13),
                }),
                _ => table.foreign_keys.push(foreign_key(row, columns)),
            }
        }
    }

    /// A foreign key of somebody else's table on one of ours: a dependency.
    fn foreign(&mut self, row: &Row) {
        if row.get::<_, &str>(4) != "f" || row.get::<_, bool>(24) {
            return;
        }
        let (own, target) = (name(row, 1), name(row, 6));
        if !self.is_ours(&target) {
            return;
        }
        let pointed: Vec<String> = row.get(8);
        let depends_on = pointed
            .into_iter()
            .map(|column| Dependency {
                table: target.clone(),
                column: Some(column),
            })
            .collect();
        self.catalog.unmodelled.push(unmodelled("foreign key", row, own, depends_on));
    }

    fn special(&mut self, row: &Row, columns: Vec<String>) {
        let own = name(row, 1);
        let kind = match row.get::<_, &str>(4) {
            "x" => "exclusion",
            "c" => "check",
            _ => "foreign key",
        };
        let mut depends_on: Vec<Dependency> = columns
            .into_iter()
            .map(|column| Dependency {
                table: own.clone(),
                column: Some(column),
            })
            .collect();
        if kind == "foreign key" {
            depends_on.push(Dependency {
                table: name(row, 6),
                column: None,
            });
        }
        self.catalog.unmodelled.push(unmodelled(kind, row, own, depends_on));
    }
}

fn unmodelled(kind: &str, row: &Row, own: ObjectName, depends_on: Vec<Dependency>) -> Unmodelled {
    let (table, constraint): (&str, &str) = (row.get(22), row.get(23));
    let definition = row.get::<_, Option<&str>>(16).unwrap_or_default();
    Unmodelled {
        kind: kind.to_owned(),
        name: format!("{own}.{}", row.get::<_, &str>(3)),
        sql: Some(format!("ALTER TABLE {table} ADD CONSTRAINT {constraint} {definition}")),
        table: Some(own),
        depends_on,
    }
}

fn key(row: &Row, columns: Vec<String>) -> Key {
    let mut extra = Vec::new();
    let included: Vec<String> = row.get(18);
    if !included.is_empty() {
        extra.push(format!("INCLUDE ({})", included.join(", ")));
    }
    if let Some(storage) = row.get::<_, Option<Vec<String>>>(19) {
        extra.push(format!("WITH ({})", storage.join(", ")));
    }
    if let Some(space) = row.get::<_, Option<&str>>(20) {
        extra.push(format!("USING INDEX TABLESPACE {space}"));
    }
    Key {
        name: row.get(3),
        columns,
        nulls_not_distinct: row.get(17),
        deferrable: deferrable(row),
        extra: (!extra.is_empty()).then(|| extra.join(" ")),
    }
}

fn foreign_key(row: &Row, columns: Vec<String>) -> ForeignKey {
    ForeignKey {
        name: row.get(3),
        columns,
        target: name(row, 6),
        target_columns: row.get(8),
        on_delete: action(row.get(9)),
        on_update: action(row.get(10)),
        deferrable: deferrable(row),
        not_valid: !row.get::<_, bool>(13),
        match_full: row.get::<_, &str>(14) == "f",
    }
}

fn deferrable(row: &Row) -> Option<Deferrable> {
    match (row.get(11), row.get(12)) {
        (false, _) => None,
        (true, false) => Some(Deferrable::Immediate),
        (true, true) => Some(Deferrable::Deferred),
    }
}

fn action(letter: &str) -> OnDelete {
    match letter {
        "r" => OnDelete::Restrict,
        "c" => OnDelete::Cascade,
        "n" => OnDelete::SetNull,
        "d" => OnDelete::SetDefault,
        _ => OnDelete::NoAction,
    }
}
