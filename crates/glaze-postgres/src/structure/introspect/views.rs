//! Views, materialized or not, and what they read.

use std::collections::HashMap;

use glaze_converge::catalog::{Dependency, Unmodelled, ViewDef};
use tokio_postgres::Row;

use super::{Found, name};

/// Views of every schema: one that is not ours may read a table that is.
pub(super) const VIEWS: &str = "
SELECT c.oid, n.nspname::text, c.relname::text, c.relkind = 'm', pg_get_viewdef(c.oid), n.nspname = ANY($1),
       quote_ident(n.nspname) || '.' || quote_ident(c.relname),
       ARRAY(SELECT quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
       ARRAY(SELECT unnest(c.reloptions) ORDER BY 1),
       CASE WHEN pg_get_userbyid(c.relowner) <> current_user
            THEN ARRAY[format('ALTER %s %I.%I OWNER TO %I', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END,
                              n.nspname, c.relname, pg_get_userbyid(c.relowner))] ELSE ARRAY[]::text[] END
       || ARRAY(SELECT format('GRANT %s ON %I.%I TO %s%s', x.privilege_type, n.nspname, c.relname,
                              CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
                              CASE WHEN x.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
                FROM aclexplode(c.relacl) x WHERE x.grantee <> c.relowner ORDER BY 1)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2, 3";

pub(super) const NEEDS: &str = "
SELECT DISTINCT r.ev_class, tn.nspname::text, t.relname::text, a.attname::text
FROM pg_rewrite r
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
JOIN pg_class t ON t.oid = d.refobjid AND t.oid <> r.ev_class
JOIN pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
WHERE r.rulename = '_RETURN' AND tn.nspname <> 'pg_catalog' AND $1::text[] IS NOT NULL
ORDER BY 1, 2, 3, 4";

impl Found {
    pub(super) fn views(&mut self, rows: &[Row], needs: &[Row]) {
        let mut by_view: HashMap<u32, Vec<Dependency>> = HashMap::new();
        for row in needs {
            by_view.entry(row.get(0)).or_default().push(Dependency {
                table: name(row, 1),
                column: row.get(3),
            });
        }
        for row in rows {
            let own = name(row, 1);
            let depends_on = by_view.remove(&row.get(0)).unwrap_or_default();
            let (materialized, definition): (bool, String) = (row.get(3), row.get(4));
            let definition = definition.trim().trim_end_matches(';').to_owned();
            if row.get::<_, bool>(5) && self.filter.owns(&own) {
                self.catalog.views.push(ViewDef {
                    name: own,
                    definition,
                    materialized,
                    depends_on,
                    columns: row.get(7),
                    options: row.get(8),
                    grants: row.get(9),
                });
            } else if depends_on.iter().any(|needs| self.is_ours(&needs.table)) {
                let kind = if materialized { "materialized view" } else { "view" };
                self.catalog.unmodelled.push(Unmodelled {
                    kind: kind.to_owned(),
                    name: own.to_string(),
                    sql: Some(format!("CREATE {} {} AS {definition}", kind.to_uppercase(), row.get::<_, &str>(6))),
                    table: None,
                    depends_on,
                });
            }
        }
    }
}
