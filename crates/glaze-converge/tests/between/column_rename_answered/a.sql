CREATE TABLE people (id integer PRIMARY KEY, name varchar(100) NOT NULL);
CREATE INDEX people_name ON people (name);
