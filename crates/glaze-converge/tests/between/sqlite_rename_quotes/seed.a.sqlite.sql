INSERT INTO t (id, views) VALUES (1, 11);
