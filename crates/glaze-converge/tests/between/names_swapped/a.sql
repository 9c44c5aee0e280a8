CREATE TABLE t (id integer PRIMARY KEY, a integer, b integer, CONSTRAINT a_positive CHECK (a > 0));
CREATE INDEX t_b ON t (b);
