CREATE TABLE posts (id integer PRIMARY KEY, title text);
CREATE VIEW everything AS SELECT id, title FROM posts;
