//! Enums, domains, sequences that stand alone.

use glaze_converge::catalog::{Check, Dependency, DomainDef, EnumDef, SequenceDef};
use tokio_postgres::Row;

use super::{Found, bare, name};

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
          FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c')),
       pg_get_expr(t.typdefaultbin, 0), t.typnotnull,
       ARRAY(SELECT c.conname::text FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname),
       ARRAY(SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname)
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
              s.seqincrement, s.seqmin, s.seqmax, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END),
       tn.nspname::text, t.relname::text, a.attname::text
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass AND o.deptype = 'a'
LEFT JOIN pg_class t ON t.oid = o.refobjid
LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = o.refobjsubid
WHERE n.nspname = ANY($1) AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d
                  LEFT JOIN pg_attrdef f ON f.adrelid = d.refobjid AND f.adnum = d.refobjsubid
                  WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND (d.deptype IN ('i', 'e')
                         OR (d.deptype = 'a' AND pg_get_expr(f.adbin, f.adrelid) = format('nextval(%L::regclass)', c.oid::regclass::text))))
ORDER BY 1, 2";

impl Found {
    /// An enum is ours when a table of ours uses it, or when no other table does and its name is not somebody else's.
    pub(super) fn enums(&mut self, rows: &[Row], columns: &[Row]) {
        for row in rows {
            let own = name(row, 0);
            let ty: u32 = row.get(4);
            let users = || {
                columns
                    .iter()
                    .filter(|column| column.get::<_, u32>(10) == ty)
                    .map(|column| column.get::<_, u32>(0))
            };
            let is_ours = |table: u32| self.at.contains_key(&table);
            let used = users().any(is_ours);
            let theirs = users().any(|table| !is_ours(table)) || !self.filter.owns(&own);
            if theirs && !used {
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
            default: row.get(4),
            not_null: row.get(5),
            checks: checks(row.get(6), row.get(7)),
        });
        self.catalog.domains.extend(domains);
    }

    pub(super) fn sequences(&mut self, rows: &[Row]) {
        let sequences = rows.iter().map(|row| SequenceDef {
            name: name(row, 0),
            definition: row.get(2),
            owner: row.get::<_, Option<String>>(4).map(|_| Dependency {
                table: name(row, 3),
                column: row.get(5),
            }),
        });
        let ours = sequences.filter(|sequence| self.filter.owns(&sequence.name));
        self.catalog.sequences.extend(ours);
    }
}

/// Checks of a domain, from their names and definitions (`CHECK ((VALUE > 0)) NOT VALID`).
fn checks(names: Vec<String>, definitions: Vec<String>) -> Vec<Check> {
    let pairs = names.into_iter().zip(definitions);
    pairs
        .map(|(name, definition)| {
            let valid = definition.trim_end_matches(" NOT VALID");
            Check {
                name: Some(name),
                expr: bare(valid.trim_start_matches("CHECK")).to_owned(),
                not_valid: valid.len() < definition.len(),
            }
        })
        .collect()
}
