CREATE TABLE a (id int, b int, CONSTRAINT a_pk PRIMARY KEY (id));
CREATE TABLE c (id int PRIMARY KEY, a_id int CONSTRAINT c_a REFERENCES a (id));
