CREATE TYPE address AS (street text, zip varchar(10));
CREATE TYPE floatrange AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (id int PRIMARY KEY, home address, spans floatrange, homes address[]);
