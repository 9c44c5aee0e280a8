CREATE TABLE t (id int PRIMARY KEY, n integer DEFAULT 5 CHECK (n > 0));
CREATE INDEX t_n ON t (n);
