//! Enums, domains, sequences that stand alone.

use glaze_converge::catalog::{DomainDef, EnumDef, SequenceDef};
use tokio_postgres::Row;

use super::{Found, name};

pub(super) const ENUMS: &str = "
SELECT n.nspname::text, t.typname::text, ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
       obj_description(t.oid, 'pg_type'), t.oid
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname = ANY($1) AND t.typtype = 'e'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY 1, 2";

pub(super) const DOMAINS: &str = "
SELECT n.nspname::text, t.typname::text, format_type(t.typbasetype, t.typtypmod),
       concat_ws(' ',
         CASE WHEN t.typcollation <> b.typcollation THEN 'COLLATE ' || co.collname END,
         CASE WHEN t.typdefaultbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(t.typdefaultbin, 0) END,
         CASE WHEN t.typnotnull THEN 'NOT NULL' END,
         (SELECT string_agg('CONSTRAINT ' || quote_ident(c.conname) || ' ' || pg_get_constraintdef(c.oid), ' ' ORDER BY c.conname)
          FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'))
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_collation co ON co.oid = t.typcollation
WHERE n.nspname = ANY($1) AND t.typtype = 'd'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY 1, 2";

pub(super) const SEQUENCES: &str = "
SELECT n.nspname::text, c.relname::text,
       format('AS %s START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', format_type(s.seqtypid, NULL), s.seqstart,
              s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY($1) AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
ORDER BY 1, 2";

impl Found {
    /// Where only a part of a schema is ours, its enums are ours when a table of ours uses them or their name says so.
    pub(super) fn enums(&mut self, rows: &[Row], columns: &[Row]) {
        for row in rows {
            let own = name(row, 0);
            let ty: u32 = row.get(4);
            let used = || {
                columns
                    .iter()
                    .any(|column| column.get::<_, u32>(10) == ty && self.at.contains_key(&column.get::<_, u32>(0)))
            };
            if self.filter.is_partial() && !self.filter.owns(&own) && !used() {
                continue;
            }
            self.catalog.enums.push(EnumDef {
                name: own,
                values: row.get(2),
                comment: row.get(3),
            });
        }
    }

    pub(super) fn domains(&mut self, rows: &[Row]) {
        let domains = rows.iter().map(|row| DomainDef {
            name: name(row, 0),
            base: row.get(2),
            definition: row.get(3),
        });
        self.catalog.domains.extend(domains);
    }

    pub(super) fn sequences(&mut self, rows: &[Row]) {
        let sequences = rows.iter().map(|row| SequenceDef {
            name: name(row, 0),
            definition: row.get(2),
        });
        self.catalog.sequences.extend(sequences);
    }
}
