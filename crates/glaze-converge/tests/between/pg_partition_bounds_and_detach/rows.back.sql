SELECT count(*) FROM m -- 2
