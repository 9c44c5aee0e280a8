CREATE TABLE t (id integer PRIMARY KEY, status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'open', 'closed')));
