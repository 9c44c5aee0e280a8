INSERT INTO jobs VALUES (1, 'q', 0, 'A@b');
