INSERT INTO comments VALUES (1, 5, 'b');
