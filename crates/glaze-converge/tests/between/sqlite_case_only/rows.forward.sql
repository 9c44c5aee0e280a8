SELECT name FROM users -- a
