CREATE TABLE posts (id integer PRIMARY KEY, title text, hidden integer);
CREATE VIEW shown AS SELECT id, title FROM posts WHERE hidden = 0;
CREATE VIEW titles AS SELECT title FROM shown;
