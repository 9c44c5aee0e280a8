CREATE TABLE people (id integer PRIMARY KEY, motto varchar(100));
