CREATE TYPE st AS ENUM ('a', 'b', 'c');
CREATE TABLE t (id int PRIMARY KEY, s st);
CREATE VIEW v AS SELECT 'a'::st AS first, id FROM t;
