CREATE TABLE a (id integer PRIMARY KEY, x integer, y text, z text DEFAULT 'z');
CREATE TABLE b (id integer PRIMARY KEY, a_id integer REFERENCES a (id), n integer CHECK (n > 0));
CREATE INDEX b_n ON b (n);
CREATE VIEW ab AS SELECT b.id, a.x FROM b JOIN a ON a.id = b.a_id;
