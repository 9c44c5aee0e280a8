INSERT INTO t VALUES (1, 'a', 'a', 'x', 1), (2, 'b', 'b', 'y', 2);
INSERT INTO u VALUES ('a', 'b');
