INSERT INTO members VALUES (1, 'ada', 30);
