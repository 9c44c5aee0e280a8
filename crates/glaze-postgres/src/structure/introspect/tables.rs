//! Tables and their columns.

use glaze_converge::catalog::{Column, Dependency, Generated, SequenceDef, Table, Unmodelled};
use glaze_converge::scope::{Belongs, TOOL_TABLE};
use glaze_model::IdentityHint;
use tokio_postgres::Row;

use super::{Found, bare, name};

/// Tables, and the partitions that are parts of them.
pub(super) const RELATIONS: &str = "
SELECT c.oid, n.nspname::text, c.relname::text, c.relispartition, c.relpersistence::text, c.reloptions, s.spcname::text,
       pg_get_partkeydef(c.oid), obj_description(c.oid, 'pg_class'), pg_get_expr(c.relpartbound, c.oid),
       pn.nspname::text, p.relname::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname),
       quote_ident(pn.nspname) || '.' || quote_ident(p.relname),
       ARRAY(SELECT tn.nspname || '.' || t.relname FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
             JOIN pg_namespace tn ON tn.oid = t.relnamespace WHERE k.conrelid = c.oid AND k.contype = 'f' AND c.relispartition)::text[]
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhseqno = 1
LEFT JOIN pg_class p ON p.oid = i.inhparent
LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2, 3";

pub(super) const COLUMNS: &str = "
WITH owned AS (SELECT d.refobjid, d.refobjsubid, d.deptype, s.oid, s.relname, n.nspname,
                      format('AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', format_type(q.seqtypid, NULL),
                             q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache,
                             CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END) AS definition
               FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_sequence q ON q.seqrelid = s.oid
               JOIN pg_namespace n ON n.oid = s.relnamespace
               WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
                 AND d.deptype IN ('a', 'i'))
SELECT a.attrelid, a.attname::text, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
       a.attgenerated::text, a.attidentity::text,
       CASE WHEN a.attcollation <> t.typcollation THEN co.collname::text END, col_description(a.attrelid, a.attnum),
       COALESCE(o.deptype = 'a', false),
       COALESCE(NULLIF(t.typelem, 0), t.oid), o.nspname::text, o.relname::text, o.definition
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation
LEFT JOIN owned o ON o.refobjid = a.attrelid AND o.refobjsubid = a.attnum
  AND (o.deptype = 'i' OR pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', o.oid::regclass::text))
WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum";

impl Found {
    pub(super) fn relations(&mut self, rows: &[Row]) {
        for row in rows {
            let own = name(row, 1);
            if row.get::<_, bool>(3) {
                self.partition(row);
                continue;
            }
            match self.filter.belongs(&own) {
                Belongs::Us => {}
                Belongs::Others => continue,
                Belongs::Tool => {
                    self.catalog.unmodelled.push(Unmodelled {
                        kind: TOOL_TABLE.to_owned(),
                        name: own.to_string(),
                        sql: None,
                        table: None,
                        depends_on: Vec::new(),
                    });
                    continue;
                }
            }
            let mut options = Vec::new();
            if row.get::<_, &str>(4) == "u" {
                options.push("UNLOGGED".to_owned());
            }
            if let Some(storage) = row.get::<_, Option<Vec<String>>>(5) {
                options.push(format!("WITH ({})", storage.join(", ")));
            }
            if let Some(space) = row.get::<_, Option<&str>>(6) {
                options.push(format!("TABLESPACE {space}"));
            }
            options.sort();
            if row.get::<_, Option<&str>>(11).is_some() {
                let parent = name(row, 10);
                self.catalog.unmodelled.push(Unmodelled {
                    kind: "inheritance".to_owned(),
                    name: own.to_string(),
                    sql: Some(format!("ALTER TABLE {} INHERIT {}", row.get::<_, &str>(12), row.get::<_, &str>(13))),
                    table: Some(own.clone()),
                    depends_on: vec![Dependency {
                        table: parent,
                        column: None,
                    }],
                });
            }
            self.at.insert(row.get(0), self.tables.len());
            self.tables.push(Table {
                name: own,
                partition_by: row.get(7),
                comment: row.get(8),
                options,
                ..Table::default()
            });
        }
    }

    /// A partition is a part of its table: kept in sight, with what its own foreign keys need.
    fn partition(&mut self, row: &Row) {
        let (own, parent) = (name(row, 1), name(row, 10));
        if !self.filter.owns(&own) && !self.filter.owns(&parent) {
            return;
        }
        let mut depends_on = vec![Dependency {
            table: parent.clone(),
            column: None,
        }];
        for target in row.get::<_, Vec<String>>(14) {
            let Some((schema, table)) = target.split_once('.') else { continue };
            let table = glaze_converge::catalog::ObjectName {
                schema: Some(schema.to_owned()),
                name: table.to_owned(),
            };
            let needs = Dependency { table, column: None };
            if !depends_on.contains(&needs) {
                depends_on.push(needs);
            }
        }
        let bound = row.get::<_, Option<&str>>(9).unwrap_or("DEFAULT");
        self.catalog.unmodelled.push(Unmodelled {
            kind: "partition".to_owned(),
            name: own.to_string(),
            sql: Some(format!(
                "CREATE TABLE {} PARTITION OF {} {bound}{}",
                row.get::<_, &str>(12),
                row.get::<_, &str>(13),
                row.get::<_, Option<&str>>(7)
                    .map_or(String::new(), |by| format!(" PARTITION BY {by}"))
            )),
            table: Some(parent),
            depends_on,
        });
    }

    pub(super) fn columns(&mut self, rows: &[Row]) {
        for row in rows {
            let Some(table) = self.table(row.get(0)) else { continue };
            let expr: Option<&str> = row.get(4);
            let generated = match row.get::<_, &str>(5) {
                "" => None,
                kind => expr.map(|expr| Generated {
                    expr: bare(expr).to_owned(),
                    stored: kind == "s",
                }),
            };
            let identity = match (row.get::<_, &str>(6), row.get::<_, bool>(9)) {
                ("a", _) => Some(IdentityHint::Always),
                ("d", _) => Some(IdentityHint::ByDefault),
                (_, true) => Some(IdentityHint::Serial),
                _ => None,
            };
            let default = match (&generated, identity) {
                (None, None) => expr.map(str::to_owned),
                _ => None,
            };
            table.columns.push(Column {
                name: row.get(1),
                ty: row.get(2),
                nullable: row.get(3),
                default,
                generated,
                identity,
                sequence: row.get::<_, Option<String>>(12).map(|_| SequenceDef {
                    name: name(row, 11),
                    definition: row.get(13),
                    owner: None,
                }),
                collation: row.get(7),
                comment: row.get(8),
                on_null: None,
            });
        }
    }
}
