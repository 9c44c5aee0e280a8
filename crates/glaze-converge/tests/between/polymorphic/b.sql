CREATE TABLE comments (id integer PRIMARY KEY, commentable_type varchar(60), commentable_id integer, body text NOT NULL);
CREATE INDEX comments_on ON comments (commentable_type, commentable_id);
