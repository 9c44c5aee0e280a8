INSERT INTO memberships VALUES (7, 8), (7, 9);
