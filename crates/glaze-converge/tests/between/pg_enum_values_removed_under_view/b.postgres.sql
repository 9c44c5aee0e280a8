CREATE TYPE mood AS ENUM ('ok', 'happy');
CREATE TABLE people (id int PRIMARY KEY, mood mood DEFAULT 'ok', moods mood[]);
CREATE VIEW happy AS SELECT id FROM people WHERE mood = 'happy';
