CREATE TABLE nodes (id integer PRIMARY KEY, name text);
