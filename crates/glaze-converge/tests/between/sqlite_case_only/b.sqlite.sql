CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, CHECK (length(name) > 0));
CREATE INDEX users_name ON users (name);
CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));
