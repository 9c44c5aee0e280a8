CREATE TABLE t (c integer, b text, id integer PRIMARY KEY, a text);
