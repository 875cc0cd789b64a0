-- Ended calls. Times are microseconds of UTC since 1970. `body` is the whole call as JSON and never changes; the other columns are what
-- is searched and counted. Only hangup_records.confirmed is filled in later, and it wins over the body.
CREATE TABLE calls (
  id            INTEGER PRIMARY KEY,
  origin        TEXT    NOT NULL,
  dialect       TEXT,
  direction     TEXT    NOT NULL,
  caller        TEXT    NOT NULL,
  dialed        TEXT    NOT NULL,
  callee_dialed TEXT    NOT NULL,
  cause         INTEGER NOT NULL,
  by            TEXT    NOT NULL,
  started_at    INTEGER NOT NULL,
  ringing_at    INTEGER,
  answered_at   INTEGER,
  ended_at      INTEGER,
  body          TEXT    NOT NULL
);

-- Each also serves the order by id, which follows every key.
CREATE INDEX calls_by_start ON calls (started_at);
CREATE INDEX calls_by_caller ON calls (caller);
CREATE INDEX calls_by_dialed ON calls (dialed);
CREATE INDEX calls_by_callee ON calls (callee_dialed);
CREATE INDEX calls_by_cause ON calls (cause);

CREATE TABLE call_accounts (
  account TEXT    NOT NULL,
  call    INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  PRIMARY KEY (account, call)
) WITHOUT ROWID;

CREATE TABLE legs (
  call        INTEGER NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
  number      INTEGER NOT NULL,
  direction   TEXT    NOT NULL,
  role        TEXT    NOT NULL,
  party       TEXT    NOT NULL,
  extension   TEXT,
  trunk       TEXT,
  sip_call_id TEXT,
  started_at  INTEGER NOT NULL,
  ringing_at  INTEGER,
  answered_at INTEGER,
  PRIMARY KEY (call, number)
) WITHOUT ROWID;

CREATE TABLE hangup_records (
  call      INTEGER NOT NULL,
  leg       INTEGER NOT NULL,
  by        TEXT    NOT NULL,
  by_detail TEXT,
  cause     INTEGER NOT NULL,
  phase     TEXT    NOT NULL,
  received  TEXT,
  sent      TEXT,
  ended_at  INTEGER NOT NULL,
  confirmed TEXT,
  PRIMARY KEY (call, leg),
  FOREIGN KEY (call, leg) REFERENCES legs (call, number) ON DELETE CASCADE
) WITHOUT ROWID;
