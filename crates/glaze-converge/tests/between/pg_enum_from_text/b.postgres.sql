CREATE TYPE post_status AS ENUM ('draft', 'published');
CREATE TABLE posts (id serial PRIMARY KEY, status post_status NOT NULL DEFAULT 'draft');
CREATE INDEX posts_status ON posts (status) WHERE status = 'draft';
