SELECT commentable_id FROM comments -- 5
