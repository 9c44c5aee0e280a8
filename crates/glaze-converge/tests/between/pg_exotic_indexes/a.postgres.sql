CREATE TABLE docs (id bigint PRIMARY KEY, body jsonb, title text, tags text[], at timestamptz, place point);
CREATE INDEX docs_title ON docs (title);
