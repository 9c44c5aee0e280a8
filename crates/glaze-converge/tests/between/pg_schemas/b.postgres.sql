CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('x', 'y');
CREATE TABLE app.users (id int PRIMARY KEY, kind app.kind NOT NULL DEFAULT 'x');
CREATE TABLE users (id int PRIMARY KEY REFERENCES app.users (id));
