CREATE TABLE people (id integer PRIMARY KEY, full_name varchar(100) NOT NULL);
CREATE INDEX people_full_name ON people (full_name);
