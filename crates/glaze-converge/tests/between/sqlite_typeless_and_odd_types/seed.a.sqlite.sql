INSERT INTO t VALUES (1, x'01', 5, 1.5, 'x');
