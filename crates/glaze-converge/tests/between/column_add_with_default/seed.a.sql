INSERT INTO posts (id, title) VALUES (1, 'one'), (2, 'two');
