SELECT status FROM t -- new
