CREATE TABLE d (id integer PRIMARY KEY, a integer DEFAULT 1, b text DEFAULT 'x', c timestamp);
