SELECT seq FROM sqlite_sequence WHERE name = 't' -- 3
