INSERT INTO posts VALUES (1, 'a,b');
INSERT INTO tags VALUES (1, 'a');
