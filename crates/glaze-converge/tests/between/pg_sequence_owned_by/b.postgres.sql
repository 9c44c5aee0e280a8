CREATE SEQUENCE numbers AS int START WITH 1000;
CREATE TABLE invoices (id int PRIMARY KEY DEFAULT nextval('numbers'));
ALTER SEQUENCE numbers OWNED BY invoices.id;
