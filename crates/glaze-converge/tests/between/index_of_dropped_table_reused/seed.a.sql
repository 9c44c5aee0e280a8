INSERT INTO old_things (id) VALUES (1);
