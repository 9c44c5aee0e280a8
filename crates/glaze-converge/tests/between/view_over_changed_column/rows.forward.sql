SELECT id FROM best -- 1
