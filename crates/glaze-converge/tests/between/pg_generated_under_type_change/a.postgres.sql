CREATE TABLE t (id int PRIMARY KEY, price int NOT NULL, gross int GENERATED ALWAYS AS (price * 2) STORED);
CREATE INDEX t_gross ON t (gross);
CREATE VIEW v AS SELECT gross FROM t;
