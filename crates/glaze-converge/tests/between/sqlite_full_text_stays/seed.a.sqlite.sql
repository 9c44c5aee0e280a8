INSERT INTO notes VALUES ('one', 'gone'), ('two', 'kept'), ('three', 'kept too');
INSERT INTO notes_fts (notes_fts, rowid, title, body) VALUES ('delete', 1, 'one', 'gone');
DELETE FROM notes WHERE rowid = 1;
