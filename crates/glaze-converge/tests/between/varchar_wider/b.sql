CREATE TABLE t (id integer PRIMARY KEY, code varchar(50) NOT NULL);
