CREATE TABLE countries (id integer PRIMARY KEY, code varchar(2) NOT NULL UNIQUE);
CREATE TABLE cities (id integer PRIMARY KEY, country varchar(2) NOT NULL REFERENCES countries (code));
