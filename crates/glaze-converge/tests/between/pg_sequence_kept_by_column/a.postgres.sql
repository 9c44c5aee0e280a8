CREATE TABLE invoices (id serial PRIMARY KEY, note text);
CREATE SEQUENCE kept;
CREATE TABLE bills (id int PRIMARY KEY, number int);
ALTER SEQUENCE kept OWNED BY bills.number;
