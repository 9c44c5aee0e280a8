CREATE TABLE z (id int);
CREATE SEQUENCE odd_name AS int INCREMENT BY 2;
CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('odd_name'), n int NOT NULL);
ALTER SEQUENCE odd_name OWNED BY t.id;
