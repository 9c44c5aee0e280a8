SELECT status FROM t ORDER BY id -- fresh open
