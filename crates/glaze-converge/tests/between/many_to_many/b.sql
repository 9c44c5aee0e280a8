CREATE TABLE posts (id integer PRIMARY KEY);
CREATE TABLE tags (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE posts_tags (post_id integer NOT NULL REFERENCES posts (id) ON DELETE CASCADE, tag_id integer NOT NULL REFERENCES tags (id) ON DELETE CASCADE, PRIMARY KEY (post_id, tag_id));
CREATE INDEX posts_tags_by_tag ON posts_tags (tag_id);
