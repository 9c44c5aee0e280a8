CREATE TABLE old_things (id integer PRIMARY KEY, kind text, more text, size integer);
CREATE INDEX idx_kind ON old_things (kind);
