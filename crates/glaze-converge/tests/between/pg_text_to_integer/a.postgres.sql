CREATE TABLE t (id int PRIMARY KEY, n text DEFAULT '5');
CREATE INDEX t_n ON t (n);
