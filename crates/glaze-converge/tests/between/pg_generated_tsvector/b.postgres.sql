CREATE TABLE posts (id int PRIMARY KEY, title text NOT NULL, body text, search tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', title), 'A') || to_tsvector('english', coalesce(body, ''))) STORED);
CREATE INDEX posts_search ON posts USING gin (search);
