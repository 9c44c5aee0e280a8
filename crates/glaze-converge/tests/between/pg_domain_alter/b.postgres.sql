CREATE DOMAIN email AS text DEFAULT 'a@b' NOT NULL CONSTRAINT at CHECK (VALUE LIKE '%@%') CONSTRAINT short CHECK (length(VALUE) < 100);
CREATE DOMAIN new_one AS numeric(10,2) CHECK (VALUE >= 0);
CREATE TABLE users (id int PRIMARY KEY, email email, owes new_one);
CREATE VIEW mails AS SELECT email FROM users;
