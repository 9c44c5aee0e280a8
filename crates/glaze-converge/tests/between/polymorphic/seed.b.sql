INSERT INTO comments VALUES (1, 'Post', 5, 'b');
