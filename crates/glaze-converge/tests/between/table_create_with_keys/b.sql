CREATE TABLE users (id integer PRIMARY KEY, email varchar(255) NOT NULL UNIQUE);
CREATE TABLE sessions (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES users (id) ON DELETE CASCADE, token varchar(64) NOT NULL, created_at timestamp);
CREATE UNIQUE INDEX sessions_token ON sessions (token);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at DESC);
