CREATE TABLE cities (id int, name text);
CREATE TABLE capitals (country text) INHERITS (cities);
