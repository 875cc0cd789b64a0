-- The log of everything that happens to calls, and what is kept beside it: ended calls, live calls, notifications. Times are microseconds of
-- UTC since 1970. Rows are appended in the order of their keys, so that no write but an account's touches more than the last page of a table.

-- Every event, in one order. `body` is the call right after it as JSON; it is NULL for call.ended, whose call is in call_bodies.
CREATE TABLE call_events (
  cursor   INTEGER PRIMARY KEY,
  call     INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  name     TEXT    NOT NULL,
  detail   TEXT,
  body     TEXT
);

-- Calls that have begun and not ended: where their last event is.
CREATE TABLE live_calls (
  call   INTEGER PRIMARY KEY,
  cursor INTEGER NOT NULL
);

-- How the far side of a live leg can be reached after a crash.
CREATE TABLE live_dialogs (
  call   INTEGER NOT NULL,
  leg    INTEGER NOT NULL,
  dialog TEXT    NOT NULL,
  PRIMARY KEY (call, leg)
) WITHOUT ROWID;

-- An ended call as it was at its end, as JSON that never changes. Apart from `calls`, so that a search reads short rows.
CREATE TABLE call_bodies (
  call INTEGER PRIMARY KEY,
  body TEXT NOT NULL
);

-- What became of our last message on a leg, when that came after the end of the call; wins over the body.
CREATE TABLE call_confirmations (
  call         INTEGER NOT NULL,
  leg          INTEGER NOT NULL,
  confirmation TEXT    NOT NULL,
  PRIMARY KEY (call, leg)
) WITHOUT ROWID;

-- Notifications; `state` is 0 pending, 1 delivered, 2 failed.
CREATE TABLE outbox (
  number       INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE,
  call         INTEGER NOT NULL,
  account      TEXT,
  dialect      TEXT    NOT NULL,
  terminal     INTEGER NOT NULL,
  signed       INTEGER NOT NULL,
  policy       TEXT    NOT NULL,
  request      TEXT    NOT NULL,
  body         BLOB    NOT NULL,
  created_at   INTEGER NOT NULL,
  state        INTEGER NOT NULL,
  attempts     INTEGER NOT NULL,
  last_at      INTEGER,
  next_at      INTEGER,
  last_outcome TEXT
);
CREATE INDEX outbox_pending ON outbox (number) WHERE state = 0;

-- Ended calls: what is searched. Ids ascend with time, so that a time is a range of ids.
CREATE TABLE ended_calls (
  id            INTEGER PRIMARY KEY,
  direction     TEXT    NOT NULL,
  caller        TEXT    NOT NULL,
  dialed        TEXT    NOT NULL,
  callee_dialed TEXT    NOT NULL,
  cause         INTEGER NOT NULL,
  by            TEXT    NOT NULL,
  started_at    INTEGER NOT NULL
);

INSERT INTO ended_calls SELECT id, direction, caller, dialed, callee_dialed, cause, by, started_at FROM calls;
INSERT INTO call_bodies SELECT id, body FROM calls;
INSERT INTO call_confirmations SELECT call, leg, confirmed FROM hangup_records WHERE confirmed IS NOT NULL;
CREATE TABLE ended_call_accounts (
  account TEXT    NOT NULL,
  call    INTEGER NOT NULL,
  PRIMARY KEY (account, call)
) WITHOUT ROWID;
INSERT INTO ended_call_accounts SELECT account, call FROM call_accounts;
DROP TABLE hangup_records;
DROP TABLE legs;
DROP TABLE call_accounts;
DROP TABLE calls;
ALTER TABLE ended_calls RENAME TO calls;
ALTER TABLE ended_call_accounts RENAME TO call_accounts;
