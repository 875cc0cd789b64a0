-- Keys under which programs ask for something that must be done once. `location` and `body` are the answer; they are NULL while the request
-- is under way, and for good when the program stopped then. `taken_at` is in microseconds of UTC since 1970.
CREATE TABLE request_keys (
  number   INTEGER PRIMARY KEY,
  account  TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  digest   TEXT    NOT NULL,
  taken_at INTEGER NOT NULL,
  location TEXT,
  body     BLOB,
  UNIQUE (account, key)
);
CREATE INDEX request_keys_by_time ON request_keys (taken_at);
