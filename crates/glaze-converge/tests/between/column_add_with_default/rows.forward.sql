SELECT state FROM posts ORDER BY id -- draft draft
