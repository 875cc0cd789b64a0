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

-- What a search of an account's calls asks for stands in its own index: it is answered without a look at the calls that do not fit.
ALTER TABLE call_accounts ADD COLUMN cause integer, ADD COLUMN by text, ADD COLUMN started_at bigint;
UPDATE call_accounts a SET cause = c.cause, by = c.by, started_at = c.started_at FROM calls c WHERE c.id = a.call;
DELETE FROM call_accounts WHERE cause IS NULL;
ALTER TABLE call_accounts ALTER COLUMN cause SET NOT NULL, ALTER COLUMN by SET NOT NULL, ALTER COLUMN started_at SET NOT NULL;
ALTER TABLE call_accounts DROP CONSTRAINT call_accounts_pkey;
ALTER TABLE call_accounts ADD PRIMARY KEY (account, call) INCLUDE (cause, by, started_at);

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
