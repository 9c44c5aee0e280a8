CREATE TABLE a (id integer PRIMARY KEY, x bigint NOT NULL DEFAULT 7, z text, w text UNIQUE);
CREATE TABLE b (id integer PRIMARY KEY, a_id integer NOT NULL REFERENCES a (id) ON DELETE CASCADE, n integer CHECK (n > 1), m integer);
CREATE INDEX b_nm ON b (n, m);
CREATE TABLE c (id integer PRIMARY KEY, b_id integer REFERENCES b (id));
CREATE VIEW ab AS SELECT b.id, a.x, b.m FROM b JOIN a ON a.id = b.a_id;
CREATE VIEW abc AS SELECT ab.id FROM ab;
