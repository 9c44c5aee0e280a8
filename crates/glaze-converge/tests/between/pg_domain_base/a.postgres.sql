CREATE DOMAIN code AS varchar(10);
CREATE TABLE t (id int PRIMARY KEY, code code DEFAULT 'x', codes code[]);
CREATE INDEX t_code ON t (code);
CREATE VIEW v AS SELECT code FROM t;
