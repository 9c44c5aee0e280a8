CREATE TABLE orders (id integer PRIMARY KEY, total integer, CONSTRAINT total_there CHECK (total IS NOT NULL));
