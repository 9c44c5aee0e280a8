CREATE TABLE cities (id int, name text);
CREATE TABLE capitals (id int, name text, country text);
