CREATE TABLE z (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, team_id integer REFERENCES teams (id));
CREATE TABLE teams (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES users (id));
