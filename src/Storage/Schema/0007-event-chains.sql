-- An event's `body` may be what changed since an event before of the same call: `previous` is that event's cursor, and the body says it too.
-- The first event of a call, or the first of it in a run of the server, has it whole. The events of a call go together, when its end is past
-- keeping; so some stay behind the horizon for as long as their call lives, and nobody reads there.
ALTER TABLE call_events ADD COLUMN previous INTEGER;

-- `cursor` is the last event that is past keeping. Events up to `chained_after` were written before this and stand alone.
CREATE TABLE log_horizon (
  id            INTEGER PRIMARY KEY CHECK (id = 1),
  cursor        INTEGER NOT NULL,
  chained_after INTEGER NOT NULL
);
INSERT INTO log_horizon SELECT 1, ifnull(min(cursor), 1) - 1, ifnull(max(cursor), 0) FROM call_events;
