CREATE TABLE nodes (id integer PRIMARY KEY, name text NOT NULL, parent_id integer REFERENCES nodes (id) ON DELETE CASCADE);
