CREATE TABLE posts (id integer PRIMARY KEY, tags text);
CREATE TABLE tags (id integer PRIMARY KEY, name text NOT NULL);
