-- An event's `body` may be what changed since an event before of the same call: `previous` is that event's cursor; 0 stands before what comes
-- after the end of its call. The events of a call go together, when its end is past keeping; what stays behind the horizon is read by nobody.
ALTER TABLE call_events ADD COLUMN previous bigint;

-- `cursor` is the last event that is past keeping. Events up to `chained_after` were written before this and stand alone.
CREATE TABLE log_horizon (
  id            integer PRIMARY KEY CHECK (id = 1),
  cursor        bigint  NOT NULL,
  chained_after bigint  NOT NULL
);
INSERT INTO log_horizon SELECT 1, coalesce(min(cursor), 1) - 1, coalesce(max(cursor), 0) FROM call_events;

-- What a search of an account's calls asks for stands in its own index: it is answered without a look at the calls that do not fit. The names
-- of accounts are in small letters here: capital ones make no other account.
CREATE TABLE account_calls (
  account    text    NOT NULL,
  call       bigint  NOT NULL,
  cause      integer NOT NULL,
  by         text    NOT NULL,
  started_at bigint  NOT NULL,
  PRIMARY KEY (account, call) INCLUDE (cause, by, started_at)
);
INSERT INTO account_calls SELECT lower(a.account COLLATE "C"), a.call, c.cause, c.by, c.started_at
FROM call_accounts a JOIN calls c ON c.id = a.call ON CONFLICT DO NOTHING;
DROP TABLE call_accounts;
ALTER TABLE account_calls RENAME TO call_accounts;

-- What is in each 256 events of the log, for readers who want some of them: a row an account that has any there, which kinds they are (a bit
-- each) and between which calls. A row of the account '*' stands for everything. The newest block has no row yet.
CREATE TABLE event_blocks (
  block      bigint NOT NULL,
  account    text   NOT NULL,
  kinds      bigint NOT NULL,
  first_call bigint NOT NULL,
  last_call  bigint NOT NULL,
  PRIMARY KEY (block, account)
);
INSERT INTO event_blocks SELECT block, '*', -1, 0, 9223372036854775807
FROM (SELECT min(cursor) / 256 AS first, max(cursor) / 256 AS last FROM call_events) AS known, generate_series(first, last) AS block;
