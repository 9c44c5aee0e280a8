SELECT name FROM people -- Ada
