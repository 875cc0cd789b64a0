-- Bindings of registered phones (RFC 3261 section 10.3), in the order of their extension's list.
CREATE TABLE bindings (
  extension   TEXT    NOT NULL,
  position    INTEGER NOT NULL,
  contact     TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  sip_call_id TEXT    NOT NULL,
  sequence    INTEGER NOT NULL,
  quality     REAL    NOT NULL,
  expires_at  INTEGER NOT NULL,
  user_agent  TEXT,
  PRIMARY KEY (extension, position)
) WITHOUT ROWID;
