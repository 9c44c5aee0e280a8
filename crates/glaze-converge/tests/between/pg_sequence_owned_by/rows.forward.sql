SELECT nextval('numbers') -- 1001
