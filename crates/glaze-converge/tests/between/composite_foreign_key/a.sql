CREATE TABLE orders (shop integer NOT NULL, number integer NOT NULL, PRIMARY KEY (shop, number));
CREATE TABLE lines (id integer PRIMARY KEY, shop integer NOT NULL, number integer NOT NULL);
