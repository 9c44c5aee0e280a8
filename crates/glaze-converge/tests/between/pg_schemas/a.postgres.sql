CREATE SCHEMA audit;
CREATE TABLE audit.log (id bigserial PRIMARY KEY, what text, size bigint);
CREATE TABLE users (id int PRIMARY KEY);
