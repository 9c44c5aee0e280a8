CREATE TABLE accounts (id integer PRIMARY KEY, login varchar(40) NOT NULL UNIQUE, bio text);
CREATE TABLE notes (id integer PRIMARY KEY, user_id integer NOT NULL REFERENCES accounts (id), body text);
CREATE INDEX notes_user ON notes (user_id);
