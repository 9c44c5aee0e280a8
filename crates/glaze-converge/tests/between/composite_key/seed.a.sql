INSERT INTO memberships VALUES (1, 7, 8), (2, 7, 9);
