CREATE TABLE memberships (group_id integer NOT NULL, user_id integer NOT NULL, PRIMARY KEY (group_id, user_id));
