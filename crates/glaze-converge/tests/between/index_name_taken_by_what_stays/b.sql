CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer);
CREATE INDEX idx_y ON t (a);
CREATE INDEX idx_x ON t (b);
