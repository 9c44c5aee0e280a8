INSERT INTO users VALUES (1, 'ada', 'x');
INSERT INTO notes VALUES (1, 1, 'n');
