INSERT INTO users (email) VALUES ('a');
INSERT INTO posts (user_id, user_uuid) SELECT id, uuid FROM users;
