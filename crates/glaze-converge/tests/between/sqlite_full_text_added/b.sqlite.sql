CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT);
CREATE VIRTUAL TABLE notes_fts USING fts5(title, content='notes', content_rowid='id');
CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO notes_fts (rowid, title) VALUES (new.id, new.title); END;
