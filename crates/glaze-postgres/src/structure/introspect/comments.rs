//! Comments on everything but tables, their columns and enums, which are read with them.

use glaze_converge::catalog::{ObjectComment, ObjectName};
use tokio_postgres::Row;

use super::Found;

/// Target as `COMMENT ON` names it, own name, table or view, text.
pub(super) const COMMENTS: &str = "
WITH rel AS (SELECT c.oid, c.relname, c.relkind, n.nspname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1)),
     said AS (SELECT d.classoid, d.objoid, d.objsubid, d.description FROM pg_description d
              WHERE NOT EXISTS (SELECT 1 FROM pg_depend e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e'))
SELECT 'INDEX ' || i.quoted, i.relname::text, t.nspname::text, t.relname::text, s.description
FROM said s JOIN pg_index x ON x.indexrelid = s.objoid JOIN rel i ON i.oid = x.indexrelid JOIN rel t ON t.oid = x.indrelid
WHERE s.classoid = 'pg_class'::regclass
UNION ALL
SELECT 'CONSTRAINT ' || quote_ident(c.conname) || ' ON ' || t.quoted, c.conname::text, t.nspname::text, t.relname::text, s.description
FROM said s JOIN pg_constraint c ON c.oid = s.objoid JOIN rel t ON t.oid = c.conrelid WHERE s.classoid = 'pg_constraint'::regclass
UNION ALL
SELECT 'TRIGGER ' || quote_ident(g.tgname) || ' ON ' || t.quoted, g.tgname::text, t.nspname::text, t.relname::text, s.description
FROM said s JOIN pg_trigger g ON g.oid = s.objoid JOIN rel t ON t.oid = g.tgrelid WHERE s.classoid = 'pg_trigger'::regclass
UNION ALL
SELECT 'POLICY ' || quote_ident(p.polname) || ' ON ' || t.quoted, p.polname::text, t.nspname::text, t.relname::text, s.description
FROM said s JOIN pg_policy p ON p.oid = s.objoid JOIN rel t ON t.oid = p.polrelid WHERE s.classoid = 'pg_policy'::regclass
UNION ALL
SELECT CASE WHEN s.objsubid > 0 THEN 'COLUMN ' || v.quoted || '.' || quote_ident(a.attname)
            WHEN v.relkind = 'm' THEN 'MATERIALIZED VIEW ' || v.quoted ELSE 'VIEW ' || v.quoted END,
       COALESCE(a.attname::text, v.relname::text), v.nspname::text, v.relname::text, s.description
FROM said s JOIN rel v ON v.oid = s.objoid AND v.relkind IN ('v', 'm')
LEFT JOIN pg_attribute a ON a.attrelid = v.oid AND a.attnum = s.objsubid AND s.objsubid > 0
WHERE s.classoid = 'pg_class'::regclass
UNION ALL
SELECT 'SEQUENCE ' || q.quoted, q.nspname || '.' || q.relname, NULL, NULL, s.description
FROM said s JOIN rel q ON q.oid = s.objoid AND q.relkind = 'S' WHERE s.classoid = 'pg_class'::regclass
UNION ALL
SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END || quote_ident(n.nspname) || '.' || quote_ident(t.typname),
       n.nspname || '.' || t.typname, NULL, NULL, s.description
FROM said s JOIN pg_type t ON t.oid = s.objoid AND t.typtype IN ('d', 'c', 'r') JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE s.classoid = 'pg_type'::regclass AND n.nspname = ANY($1)
UNION ALL
SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE ' ELSE 'FUNCTION ' END
         || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', NULL, NULL, s.description
FROM said s JOIN pg_proc p ON p.oid = s.objoid JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE s.classoid = 'pg_proc'::regclass AND n.nspname = ANY($1)
UNION ALL
SELECT 'SCHEMA ' || quote_ident(n.nspname), n.nspname::text, NULL, NULL, s.description
FROM said s JOIN pg_namespace n ON n.oid = s.objoid
WHERE s.classoid = 'pg_namespace'::regclass AND n.nspname = ANY($1) AND n.nspname <> 'public'
ORDER BY 1";

/// What is there of the schemas that were asked for, and the extensions.
pub(super) const SCHEMAS: &str = "
SELECT nspname::text, true FROM pg_namespace WHERE nspname = ANY($1)
UNION ALL SELECT extname::text, false FROM pg_extension WHERE extname <> 'plpgsql'
ORDER BY 1";

impl Found {
    pub(super) fn comments(&mut self, rows: &[Row]) {
        for row in rows {
            let schema: Option<String> = row.get(2);
            let on = row.get::<_, Option<String>>(3).map(|name| ObjectName { schema, name });
            let is_view = |on: &ObjectName| self.catalog.views.iter().any(|view| view.name == *on);
            if on.as_ref().is_some_and(|on| !self.is_ours(on) && !is_view(on)) {
                continue;
            }
            self.catalog.comments.push(ObjectComment {
                target: row.get(0),
                name: row.get(1),
                on,
                text: row.get(4),
            });
        }
    }

    pub(super) fn schemas(&mut self, rows: &[Row]) {
        for row in rows {
            let list = if row.get(1) {
                &mut self.catalog.schemas
            } else {
                &mut self.catalog.extensions
            };
            list.push(row.get(0));
        }
    }
}
