CREATE TABLE d (id integer PRIMARY KEY, a integer DEFAULT 2, b text, c timestamp DEFAULT CURRENT_TIMESTAMP);
