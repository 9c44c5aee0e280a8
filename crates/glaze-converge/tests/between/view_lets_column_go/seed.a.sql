INSERT INTO posts VALUES (1, 't', 'l');
