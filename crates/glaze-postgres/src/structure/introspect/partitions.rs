//! Indexes and constraints that a partition has by itself, beside those of its table.

use glaze_converge::catalog::{Dependency, Unmodelled};
use tokio_postgres::Row;

use super::{Found, name};

/// kind, name, partition, SQL, the table it is a part of, columns. What came down from the table is the table's.
pub(super) const PARTS: &str = "
WITH parts AS (SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted,
                      rn.nspname AS root_schema, r.relname AS root
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               JOIN pg_class r ON r.oid = pg_partition_root(c.oid) JOIN pg_namespace rn ON rn.oid = r.relnamespace
               WHERE c.relispartition AND c.relkind IN ('r', 'p') AND n.nspname = ANY($1))
SELECT 'index', ic.relname::text, p.nspname::text, p.relname::text, pg_get_indexdef(i.indexrelid), p.root_schema::text, p.root::text,
       ARRAY(SELECT a.attname::text FROM pg_depend d JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = d.refobjsubid
             WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refclassid = 'pg_class'::regclass
               AND d.refobjid = p.oid AND d.refobjsubid > 0 ORDER BY a.attnum)
FROM parts p JOIN pg_index i ON i.indrelid = p.oid JOIN pg_class ic ON ic.oid = i.indexrelid
WHERE NOT ic.relispartition AND NOT starts_with(ic.relname, 'glaze_search_')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT CASE k.contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'x' THEN 'exclusion' ELSE 'unique' END, k.conname::text,
       p.nspname::text, p.relname::text,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', p.quoted, k.conname, pg_get_constraintdef(k.oid)), p.root_schema::text, p.root::text,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = p.oid AND a.attnum = ANY(k.conkey) ORDER BY a.attnum)
FROM parts p JOIN pg_constraint k ON k.conrelid = p.oid
WHERE k.contype IN ('c', 'f', 'x', 'p', 'u') AND k.conparentid = 0 AND k.coninhcount = 0
ORDER BY 1, 3, 4, 2";

impl Found {
    pub(super) fn parts(&mut self, rows: &[Row]) {
        for row in rows {
            let (own, root) = (name(row, 2), name(row, 5));
            let partition = own.to_string();
            let known = |item: &Unmodelled| item.kind == "partition" && item.name == partition;
            if !self.catalog.unmodelled.iter().any(known) {
                continue;
            }
            let columns: Vec<String> = row.get(7);
            self.catalog.unmodelled.push(Unmodelled {
                kind: row.get(0),
                name: format!("{partition}.{}", row.get::<_, &str>(1)),
                sql: Some(row.get(4)),
                table: Some(own),
                depends_on: columns
                    .into_iter()
                    .map(|column| Dependency {
                        table: root.clone(),
                        column: Some(column),
                    })
                    .collect(),
            });
        }
    }
}
