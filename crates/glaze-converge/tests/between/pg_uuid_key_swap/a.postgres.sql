CREATE TABLE users (id serial PRIMARY KEY, uuid uuid NOT NULL DEFAULT gen_random_uuid(), email text);
CREATE UNIQUE INDEX users_uuid ON users (uuid);
CREATE TABLE posts (id serial PRIMARY KEY, user_id int NOT NULL REFERENCES users (id), user_uuid uuid NOT NULL);
