SELECT title FROM everything -- t
