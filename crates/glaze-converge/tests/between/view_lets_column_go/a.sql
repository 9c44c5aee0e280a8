CREATE TABLE posts (id integer PRIMARY KEY, title text, legacy text);
CREATE VIEW everything AS SELECT id, title, legacy FROM posts;
