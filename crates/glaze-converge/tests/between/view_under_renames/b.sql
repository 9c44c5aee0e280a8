CREATE TABLE members (id integer PRIMARY KEY, handle text NOT NULL, age integer);
CREATE VIEW names AS SELECT id, handle FROM members WHERE age > 17;
