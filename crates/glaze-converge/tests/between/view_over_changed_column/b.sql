CREATE TABLE posts (id integer PRIMARY KEY, views bigint NOT NULL, title varchar(20));
CREATE VIEW popular AS SELECT id, views FROM posts WHERE views > 100;
CREATE VIEW best AS SELECT id FROM popular WHERE views > 1000;
