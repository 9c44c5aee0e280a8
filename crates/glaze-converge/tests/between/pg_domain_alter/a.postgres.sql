CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN old_one AS int;
CREATE TABLE users (id int PRIMARY KEY, email email);
CREATE VIEW mails AS SELECT email FROM users;
