INSERT INTO capitals VALUES (1, 'Rome', 'it');
