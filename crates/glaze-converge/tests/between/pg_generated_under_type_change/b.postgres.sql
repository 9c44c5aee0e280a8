CREATE TABLE t (id int PRIMARY KEY, price numeric(10,2) NOT NULL, gross numeric(10,2) GENERATED ALWAYS AS (price * 3) STORED);
CREATE INDEX t_gross ON t (gross);
CREATE VIEW v AS SELECT gross FROM t;
