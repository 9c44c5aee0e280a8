CREATE TABLE jobs (id integer PRIMARY KEY, queue text NOT NULL, done integer NOT NULL, email text);
CREATE INDEX jobs_open ON jobs (queue) WHERE done = 0;
CREATE UNIQUE INDEX jobs_email ON jobs (lower(email)) WHERE email IS NOT NULL;
CREATE INDEX jobs_latest ON jobs (queue, id DESC);
