INSERT INTO t VALUES (1, 'mine', 1);
