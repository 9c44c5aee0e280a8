SELECT full_name FROM people -- Ada
