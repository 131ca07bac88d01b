-- Keys that clients gave creations, so that they may ask again: written in the savepoint of the
-- creation, whose row of the trail holds what was made. Kept for a day (storage/change_context.h).
CREATE TABLE idempotency_keys (
  who      TEXT    NOT NULL,
  key      TEXT    NOT NULL,
  request  TEXT    NOT NULL,  -- a digest of method, path and body
  audit_id INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (who, key)
) STRICT, WITHOUT ROWID;

-- Which keys are too old?
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (at);
