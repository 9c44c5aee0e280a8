CREATE SCHEMA app;
CREATE TABLE things (id serial PRIMARY KEY, name text UNIQUE, kind text);
