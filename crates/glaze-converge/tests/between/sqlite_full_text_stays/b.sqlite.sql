CREATE TABLE notes (title TEXT NOT NULL DEFAULT '', body TEXT CHECK (length(body) < 1000));
CREATE VIRTUAL TABLE notes_fts USING fts5(title, body, content='notes');
CREATE TRIGGER notes_ai AFTER INSERT ON notes BEGIN INSERT INTO notes_fts (rowid, title, body) VALUES (new.rowid, new.title, new.body); END;
