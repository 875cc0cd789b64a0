-- The proxies between us and a registered phone (RFC 3327), as the value of a Route header.
ALTER TABLE bindings ADD COLUMN path TEXT;
