-- What a search of an account's calls asks for stands beside its own index: it is answered without a look at the calls that do not fit. The
-- names of accounts are in small letters here: capital ones make no other account.
CREATE TABLE account_calls (
  account    TEXT    NOT NULL,
  call       INTEGER NOT NULL,
  cause      INTEGER NOT NULL,
  by         TEXT    NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (account, call)
) WITHOUT ROWID;
INSERT OR IGNORE INTO account_calls SELECT lower(a.account), a.call, c.cause, c.by, c.started_at FROM call_accounts a JOIN calls c ON c.id = a.call;
DROP TABLE call_accounts;
ALTER TABLE account_calls RENAME TO call_accounts;

-- What is in each 256 events of the log, for readers who want some of them: a row an account that has any there, which kinds they are (a bit
-- each) and between which calls. A row of the account '*' stands for everything. The newest block has no row yet.
CREATE TABLE event_blocks (
  block      INTEGER NOT NULL,
  account    TEXT    NOT NULL,
  kinds      INTEGER NOT NULL,
  first_call INTEGER NOT NULL,
  last_call  INTEGER NOT NULL,
  PRIMARY KEY (block, account)
) WITHOUT ROWID;
WITH RECURSIVE known (block) AS (
  SELECT min(cursor) / 256 FROM call_events HAVING min(cursor) IS NOT NULL
  UNION ALL SELECT block + 1 FROM known WHERE block < (SELECT max(cursor) / 256 FROM call_events))
INSERT INTO event_blocks SELECT block, '*', -1, 0, 9223372036854775807 FROM known;
