CREATE TABLE t (id integer PRIMARY KEY, a integer, b text);
CREATE INDEX idx_old ON t (a);
CREATE UNIQUE INDEX idx_lower_old ON t (lower(b));
