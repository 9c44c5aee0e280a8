CREATE TABLE bookings (id int PRIMARY KEY, room int, during tstzrange,
  CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&),
  CONSTRAINT room_once UNIQUE (room) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT room_ok CHECK (room > 0) NO INHERIT);
