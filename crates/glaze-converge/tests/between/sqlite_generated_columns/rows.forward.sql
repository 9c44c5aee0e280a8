SELECT total, twice FROM t -- 5|4
