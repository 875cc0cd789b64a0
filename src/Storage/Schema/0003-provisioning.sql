-- The provisioning document, one row a section, each a JSON value of the section's shape in the document.
CREATE TABLE provisioning (
  section TEXT PRIMARY KEY,
  body    TEXT NOT NULL
) WITHOUT ROWID;

-- One row that the readiness check rewrites.
CREATE TABLE write_probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at INTEGER NOT NULL
);
