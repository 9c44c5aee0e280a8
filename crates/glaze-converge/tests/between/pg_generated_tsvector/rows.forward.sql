SELECT id FROM posts WHERE search @@ to_tsquery('hello') -- 1
