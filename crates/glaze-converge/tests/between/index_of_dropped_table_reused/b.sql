CREATE TABLE new_stuff (id integer PRIMARY KEY, kind text);
CREATE INDEX idx_kind ON new_stuff (kind);
