CREATE TABLE posts (id integer PRIMARY KEY, title text NOT NULL, state varchar(20) NOT NULL DEFAULT 'draft', pinned boolean DEFAULT false);
