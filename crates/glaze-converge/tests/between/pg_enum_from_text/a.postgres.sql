CREATE TABLE posts (id serial PRIMARY KEY, status varchar(20) NOT NULL DEFAULT 'draft');
CREATE INDEX posts_status ON posts (status) WHERE status = 'draft';
