INSERT INTO parent VALUES (1, 'a'), (2, NULL);
INSERT INTO child VALUES (1, 1), (2, 2);
INSERT INTO toy VALUES (1, 1), (2, 2);
