INSERT INTO things (name) VALUES ('n');
