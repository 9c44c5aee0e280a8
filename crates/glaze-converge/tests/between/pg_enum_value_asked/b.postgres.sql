CREATE TYPE mood AS ENUM ('gloomy', 'ok');
CREATE TABLE people (id int PRIMARY KEY, mood mood);
