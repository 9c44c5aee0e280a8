CREATE TABLE t (id integer PRIMARY KEY, n bigint NOT NULL DEFAULT 0);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t (id));
