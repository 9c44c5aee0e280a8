SELECT title FROM notes_fts WHERE notes_fts MATCH 'three' -- three
SELECT rowid FROM notes ORDER BY rowid -- 2 3
