//! Indexes that back no constraint.

use glaze_converge::catalog::{Index, IndexPart};
use tokio_postgres::Row;

use super::{Found, bare};

/// An index is exotic when the model cannot say it: other operator classes, collations, orders of nulls, included columns,
/// storage options, `NULLS NOT DISTINCT`, a place of its own. Search indexes are the store's own affair.
pub(super) const INDEXES: &str = "
SELECT i.indrelid, ic.relname::text, am.amname::text, i.indisunique, i.indisvalid, pg_get_expr(i.indpred, i.indrelid),
       CASE WHEN e.exotic THEN pg_get_indexdef(i.indexrelid) END,
       ARRAY(SELECT COALESCE(a.attname::text, pg_get_indexdef(i.indexrelid, k, false)) FROM generate_series(1, i.indnkeyatts) k
             LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.attnum <> 0 ORDER BY k)::text[],
       ARRAY(SELECT i.indkey[k - 1] = 0 FROM generate_series(1, i.indnkeyatts) k ORDER BY k),
       ARRAY(SELECT i.indoption[k - 1] & 1 = 1 FROM generate_series(1, i.indnkeyatts) k ORDER BY k)
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class t ON t.oid = i.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_am am ON am.oid = ic.relam
CROSS JOIN LATERAL (SELECT i.indnatts > i.indnkeyatts OR ic.reloptions IS NOT NULL OR ic.reltablespace <> 0
                           OR {nulls_not_distinct}
                           OR EXISTS (SELECT 1 FROM generate_series(0, i.indnkeyatts - 1) k
                                      JOIN pg_opclass o ON o.oid = i.indclass[k]
                                      LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] AND a.attnum <> 0
                                      WHERE NOT o.opcdefault OR i.indoption[k] NOT IN (0, 3)
                                      OR (i.indcollation[k] <> 0 AND i.indcollation[k] <> COALESCE(a.attcollation, i.indcollation[k]))) AS exotic OFFSET 0) e
WHERE n.nspname = ANY($1) AND t.relkind IN ('r', 'p') AND NOT t.relispartition AND NOT starts_with(ic.relname, 'glaze_search_')
  AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY i.indrelid, ic.relname";

impl Found {
    pub(super) fn indexes(&mut self, rows: &[Row]) {
        for row in rows {
            let Some(table) = self.table(row.get(0)) else { continue };
            let (texts, exprs, descs): (Vec<String>, Vec<bool>, Vec<bool>) = (row.get(7), row.get(8), row.get(9));
            let parts = texts
                .into_iter()
                .zip(exprs)
                .zip(descs)
                .map(|((text, is_expr), desc)| IndexPart {
                    text: if is_expr { bare(&text).to_owned() } else { text },
                    is_expr,
                    desc,
                })
                .collect();
            table.indexes.push(Index {
                name: row.get(1),
                parts,
                unique: row.get(3),
                method: row.get(2),
                filter: row.get::<_, Option<&str>>(5).map(|filter| bare(filter).to_owned()),
                exotic: row.get(6),
                invalid: !row.get::<_, bool>(4),
            });
        }
    }
}
