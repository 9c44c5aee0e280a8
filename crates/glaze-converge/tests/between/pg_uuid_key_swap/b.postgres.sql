CREATE TABLE users (id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY, email text);
CREATE TABLE posts (id serial PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (id));
