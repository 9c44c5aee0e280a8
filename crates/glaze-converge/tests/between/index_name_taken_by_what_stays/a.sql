CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE INDEX idx_x ON t (a);
