INSERT INTO posts (status) VALUES ('published');
