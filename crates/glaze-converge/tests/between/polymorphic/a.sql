CREATE TABLE comments (id integer PRIMARY KEY, post_id integer, body text NOT NULL);
