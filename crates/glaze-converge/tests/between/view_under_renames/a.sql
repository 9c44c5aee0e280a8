CREATE TABLE users (id integer PRIMARY KEY, nick text NOT NULL, age integer);
CREATE VIEW names AS SELECT id, nick FROM users WHERE age > 17;
