CREATE TABLE t (id integer PRIMARY KEY, b integer, a integer, CONSTRAINT a_positive CHECK (b > 0));
CREATE INDEX t_b ON t (a);
