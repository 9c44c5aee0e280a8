CREATE TABLE customers (id integer PRIMARY KEY, first_name varchar(100) NOT NULL, last_name varchar(100) NOT NULL);
