CREATE TABLE z (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, team_id integer);
CREATE TABLE teams (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES users (id));
ALTER TABLE users ADD CONSTRAINT users_team FOREIGN KEY (team_id) REFERENCES teams (id);
