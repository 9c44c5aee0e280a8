CREATE TABLE products (id integer PRIMARY KEY, price integer NOT NULL, CONSTRAINT price_ok CHECK (price >= 0 AND price < 1000000));
