CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE INDEX idx_new ON t (a);
CREATE UNIQUE INDEX idx_lower_new ON t (lower(b));
