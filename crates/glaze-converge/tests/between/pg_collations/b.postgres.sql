CREATE COLLATION german (provider = icu, locale = 'de');
CREATE TABLE t (id int PRIMARY KEY, name text COLLATE german, code text COLLATE "C");
CREATE INDEX t_name ON t (name);
