CREATE TABLE a (id int PRIMARY KEY, x int, UNIQUE (id, x));
CREATE TABLE b (id int PRIMARY KEY, a_id int, x int);
