CREATE TABLE people (id integer PRIMARY KEY, full_name varchar(100) NOT NULL);
