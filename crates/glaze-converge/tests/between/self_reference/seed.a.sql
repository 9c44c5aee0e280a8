INSERT INTO nodes VALUES (1, 'a');
