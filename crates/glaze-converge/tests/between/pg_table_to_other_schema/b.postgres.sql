CREATE SCHEMA app;
CREATE TABLE app.items (id serial PRIMARY KEY, name text UNIQUE, kind text);
