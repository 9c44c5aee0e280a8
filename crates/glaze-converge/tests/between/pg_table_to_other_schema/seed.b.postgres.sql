INSERT INTO app.items (name) VALUES ('n');
