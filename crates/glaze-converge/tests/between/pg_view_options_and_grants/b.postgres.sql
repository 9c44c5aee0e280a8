CREATE TABLE t (id int PRIMARY KEY, a bigint);
CREATE VIEW v WITH (security_barrier=true) AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;
