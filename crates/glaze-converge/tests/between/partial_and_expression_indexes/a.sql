CREATE TABLE jobs (id integer PRIMARY KEY, queue text NOT NULL, done integer NOT NULL, email text);
CREATE INDEX jobs_open ON jobs (queue);
