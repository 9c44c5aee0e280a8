SELECT name FROM customers -- Ada Lovelace
