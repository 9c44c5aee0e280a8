//! Whatever else is there: seen, named, carried, never touched.

use std::collections::HashMap;

use glaze_converge::catalog::{Dependency, ObjectName, Unmodelled};
use tokio_postgres::Row;

use super::{Found, name};

/// kind, name, SQL, table, catalog it is described in, oid.
pub(super) const OBJECTS: &str = "
WITH ours AS (SELECT c.oid, c.relname, c.relkind, n.nspname, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS quoted,
                     c.relrowsecurity, c.relforcerowsecurity
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = ANY($1) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition)
SELECT 'trigger', t.tgname::text, pg_get_triggerdef(t.oid), o.nspname::text, o.relname::text, t.tableoid, t.oid
FROM pg_trigger t JOIN ours o ON o.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgparentid = 0
UNION ALL
SELECT 'policy', p.polname::text,
       format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, o.quoted,
              CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
              CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
              COALESCE((SELECT string_agg(quote_ident(r.rolname), ', ') FROM pg_roles r WHERE r.oid = ANY(p.polroles)), 'PUBLIC'),
              ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'),
       o.nspname::text, o.relname::text, p.tableoid, p.oid
FROM pg_policy p JOIN ours o ON o.oid = p.polrelid
UNION ALL
SELECT 'row security', o.relname::text,
       format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY%s', o.quoted, CASE WHEN o.relforcerowsecurity THEN ', FORCE ROW LEVEL SECURITY' ELSE '' END),
       o.nspname::text, o.relname::text, 0::oid, 0::oid
FROM ours o WHERE o.relrowsecurity
UNION ALL
SELECT 'rule', r.rulename::text, pg_get_ruledef(r.oid), o.nspname::text, o.relname::text, r.tableoid, r.oid
FROM pg_rewrite r JOIN ours o ON o.oid = r.ev_class WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'statistics', s.stxname::text, pg_get_statisticsobjdef(s.oid), o.nspname::text, o.relname::text, s.tableoid, s.oid
FROM pg_statistic_ext s JOIN ours o ON o.oid = s.stxrelid
UNION ALL
SELECT 'index', ic.relname::text, pg_get_indexdef(i.indexrelid), o.nspname::text, o.relname::text, 0::oid, 0::oid
FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN ours o ON o.oid = i.indrelid WHERE o.relkind = 'm'
UNION ALL
SELECT 'foreign table', o.relname::text, NULL, o.nspname::text, NULL, 0::oid, 0::oid FROM ours o WHERE o.relkind = 'f'
UNION ALL
SELECT CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END,
       p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid)
            ELSE (SELECT format('CREATE AGGREGATE %I.%I(%s) (SFUNC = %s, STYPE = %s%s%s%s)', n.nspname, p.proname,
                                COALESCE(NULLIF(pg_get_function_identity_arguments(p.oid), ''), '*'), g.aggtransfn,
                                format_type(g.aggtranstype, NULL),
                                CASE WHEN g.aggfinalfn <> 0 THEN ', FINALFUNC = ' || g.aggfinalfn ELSE '' END,
                                CASE WHEN g.aggcombinefn <> 0 THEN ', COMBINEFUNC = ' || g.aggcombinefn ELSE '' END,
                                CASE WHEN g.agginitval IS NOT NULL THEN ', INITCOND = ' || quote_literal(g.agginitval) ELSE '' END)
                  FROM pg_aggregate g WHERE g.aggfnoid = p.oid AND g.aggkind = 'n') END, n.nspname::text, NULL, p.tableoid, p.oid
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = ANY($1)
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT CASE t.typtype WHEN 'r' THEN 'range type' ELSE 'composite type' END, t.typname::text,
       CASE t.typtype
         WHEN 'r' THEN (SELECT format('CREATE TYPE %I.%I AS RANGE (SUBTYPE = %s%s)', n.nspname, t.typname, format_type(g.rngsubtype, NULL),
                                      CASE WHEN g.rngsubdiff <> 0 THEN ', SUBTYPE_DIFF = ' || g.rngsubdiff::regproc ELSE '' END)
                        FROM pg_range g WHERE g.rngtypid = t.oid)
         ELSE format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
                     (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                      FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)) END,
       n.nspname::text, NULL, t.tableoid, t.oid
FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = ANY($1) AND (t.typtype = 'r' OR (t.typtype = 'c' AND c.relkind = 'c'))
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid IN ('pg_type'::regclass, 'pg_class'::regclass)
                  AND d.objid IN (t.oid, t.typrelid) AND d.deptype = 'e')
UNION ALL
SELECT 'collation', c.collname::text,
       format('CREATE COLLATION %I.%I (PROVIDER = %s, LOCALE = %L%s)', n.nspname, c.collname,
              CASE c.collprovider WHEN 'i' THEN 'icu' ELSE 'libc' END,
              COALESCE(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', c.collcollate),
              CASE WHEN c.collisdeterministic THEN '' ELSE ', DETERMINISTIC = false' END),
       n.nspname::text, NULL, c.tableoid, c.oid
FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE n.nspname = ANY($1)
ORDER BY 1, 4, 5, 2";

/// Tables and columns that they need, by catalog and oid; a type of a table's rows counts as the table.
pub(super) const NEEDS: &str = "
SELECT DISTINCT d.classid, d.objid, n.nspname::text, c.relname::text, a.attname::text
FROM pg_depend d
LEFT JOIN pg_type t ON d.refclassid = 'pg_type'::regclass AND t.oid = d.refobjid
LEFT JOIN pg_type e ON e.oid = t.typelem
JOIN pg_class c ON c.oid = CASE WHEN d.refclassid = 'pg_class'::regclass THEN d.refobjid ELSE COALESCE(NULLIF(t.typrelid, 0), e.typrelid) END
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
WHERE d.classid IN ('pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_rewrite'::regclass, 'pg_statistic_ext'::regclass, 'pg_proc'::regclass)
  AND d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass) AND n.nspname = ANY($1)
ORDER BY 1, 2, 3, 4, 5";

impl Found {
    pub(super) fn unmodelled(&mut self, rows: &[Row], needs: &[Row]) {
        let mut by_object: HashMap<(u32, u32), Vec<Dependency>> = HashMap::new();
        for row in needs {
            by_object.entry((row.get(0), row.get(1))).or_default().push(Dependency {
                table: name(row, 2),
                column: row.get(4),
            });
        }
        for row in rows {
            let (schema, own): (String, String) = (row.get(3), row.get(1));
            let table = row.get::<_, Option<String>>(4).map(|name| ObjectName {
                schema: Some(schema.clone()),
                name,
            });
            let is_view = table
                .as_ref()
                .is_some_and(|table| self.catalog.views.iter().any(|view| view.name == *table));
            if table.as_ref().is_some_and(|table| !self.is_ours(table) && !is_view) {
                continue;
            }
            let alone = ObjectName {
                schema: Some(schema.clone()),
                name: own.split('(').next().unwrap_or_default().to_owned(),
            };
            if table.is_none() && self.filter.scope.ignores(&alone) {
                continue;
            }
            let name = match &table {
                Some(table) if own == table.name => table.to_string(),
                Some(table) => format!("{table}.{own}"),
                None => format!("{schema}.{own}"),
            };
            let depends_on = by_object.remove(&(row.get(5), row.get(6))).unwrap_or_default();
            self.catalog.unmodelled.push(Unmodelled {
                kind: row.get(0),
                name,
                sql: row.get(2),
                table,
                depends_on,
            });
        }
    }
}
