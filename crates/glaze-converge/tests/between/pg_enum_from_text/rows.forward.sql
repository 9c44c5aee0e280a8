SELECT status FROM posts -- published
