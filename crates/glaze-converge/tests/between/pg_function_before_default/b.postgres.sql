CREATE FUNCTION make_code(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'c' || n $$;
CREATE FUNCTION t_count() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM t $$;
CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL DEFAULT make_code(7) CHECK (make_code(1) <> code));
CREATE INDEX t_code ON t (make_code(id));
CREATE FUNCTION all_t() RETURNS SETOF t LANGUAGE sql AS $$ SELECT * FROM t $$;
CREATE TABLE u (id int PRIMARY KEY, g text GENERATED ALWAYS AS (make_code(id)) STORED);
CREATE VIEW w AS SELECT make_code(id) AS m FROM all_t();
