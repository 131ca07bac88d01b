-- Users, links, events and the trail of every change.
--
-- Times are microseconds since 1970-01-01T00:00:00Z. Every index names the query it serves; in
-- SQLite each one ends with the row's id by itself, so lists by id need no second column.

CREATE TABLE users (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  username     TEXT NOT NULL,
  email        TEXT NOT NULL,
  username_key TEXT NOT NULL,  -- trimmed, ASCII in lower case: what makes a name unique
  email_key    TEXT NOT NULL,
  created_at   INTEGER NOT NULL
) STRICT;

-- Is this name, is this address taken?
CREATE UNIQUE INDEX users_by_username_key ON users (username_key);
CREATE UNIQUE INDEX users_by_email_key ON users (email_key);

CREATE TABLE links (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id    INTEGER NOT NULL REFERENCES users (id),
  code       TEXT NOT NULL,  -- compared exactly: case matters
  target     TEXT NOT NULL,
  title      TEXT NOT NULL,
  enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  version    INTEGER NOT NULL
) STRICT;

-- Where does this code lead? Is it taken?
CREATE UNIQUE INDEX links_by_code ON links (code);

-- GET /urls?user_id=, and the links that go with a deleted user.
CREATE INDEX links_by_user ON links (user_id);

-- GET /urls?is_active=
CREATE INDEX links_by_enabled ON links (enabled);

-- Codes of deleted links: a random code is never given out twice.
CREATE TABLE retired_codes (
  code TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What happened to links. The numbers of link and user stay when the rows they name are deleted
-- (they are never given again); reading shows null then.
CREATE TABLE events (
  id      INTEGER PRIMARY KEY,  -- from sequences: clicks will share it
  link_id INTEGER,
  user_id INTEGER,
  type    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  details TEXT NOT NULL,  -- a JSON object, as it was sent
  origin  INTEGER NOT NULL  -- domain::EventOrigin
) STRICT;

-- GET /events?url_id=
CREATE INDEX events_by_link ON events (link_id);

-- GET /events?user_id=
CREATE INDEX events_by_user ON events (user_id);

-- GET /events?event_type=
CREATE INDEX events_by_type ON events (type);

-- The highest number given so far.
CREATE TABLE sequences (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO sequences (name, value) VALUES ('event', 0);

-- The trail: one row for every change of a user, link or event, never changed, never deleted.
CREATE TABLE audit (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  who        TEXT NOT NULL,
  request_id TEXT NOT NULL,
  action     TEXT NOT NULL CHECK (action IN ('create', 'update', 'delete', 'import')),
  entity     TEXT NOT NULL CHECK (entity IN ('user', 'link', 'event')),
  entity_id  INTEGER NOT NULL,  -- 0 for an import
  before     TEXT NOT NULL,     -- JSON, or empty
  after      TEXT NOT NULL      -- JSON, or empty
) STRICT;

-- Was this number deleted? An import does not bring it back.
CREATE INDEX audit_deletions ON audit (entity, entity_id) WHERE action = 'delete';

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE (ABORT, 'the audit trail is append-only');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
  SELECT RAISE (ABORT, 'the audit trail is append-only');
END;

-- Which database this is: a journal of clicks belongs to exactly one.
CREATE TABLE instance (
  id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO instance (id) VALUES (lower(hex(randomblob(16))));
