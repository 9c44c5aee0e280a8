CREATE TABLE m (id bigint NOT NULL, at date NOT NULL);
