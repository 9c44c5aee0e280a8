CREATE SEQUENCE numbers START WITH 1000;
CREATE TABLE invoices (id int PRIMARY KEY DEFAULT nextval('numbers'));
