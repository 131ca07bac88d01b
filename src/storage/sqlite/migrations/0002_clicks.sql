-- Clicks, what they add up to, and how far the journals are in the database.
--
-- A click names its link and its owner without a foreign key: it stays when they go. Rollups and
-- the days' values follow from the clicks alone and in the order of their ids, so that
-- `ginnel verify` can count them anew. A stretch is the number of a quarter of an hour since 1970
-- (domain::Stretch), a day that of a day (UTC).

-- Texts that recur, each once: what clicks and rollups hold is their id.
CREATE TABLE click_texts (
  id   INTEGER PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;

-- Which id has this text?
CREATE UNIQUE INDEX click_texts_by_text ON click_texts (text);

-- What is unknown; what domain::kOtherValue stands for.
INSERT INTO click_texts (id, text) VALUES (0, ''), (1, '(other)');

CREATE TABLE clicks (
  id       INTEGER PRIMARY KEY,  -- from sequences, which events share
  link_id  INTEGER NOT NULL,
  user_id  INTEGER NOT NULL,     -- the link's owner at the time
  at       INTEGER NOT NULL,
  code     TEXT NOT NULL,
  referrer INTEGER NOT NULL,     -- this and the next four: of click_texts
  country  INTEGER NOT NULL,
  device   INTEGER NOT NULL,
  browser  INTEGER NOT NULL,
  system   INTEGER NOT NULL,
  bot      INTEGER NOT NULL,     -- domain::BotClass
  visitor  INTEGER NOT NULL,     -- the bits of a 64-bit hash; 0: unknown
  network  TEXT NOT NULL,
  rules    INTEGER NOT NULL      -- of click_texts
) STRICT;

-- GET /events?url_id=, and the recount of a link.
CREATE INDEX clicks_by_link ON clicks (link_id);

-- GET /events?user_id=
CREATE INDEX clicks_by_user ON clicks (user_id);

-- How far each segment of a journal is in the database. Rows stay: a paused process that goes on
-- with a segment which somebody else has finished must find out.
CREATE TABLE journal_cursors (
  segment  TEXT PRIMARY KEY,  -- 32 hex digits
  next     INTEGER NOT NULL,  -- byte offset of the first record that is not
  done     INTEGER NOT NULL CHECK (done IN (0, 1)),
  moved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How often a link was clicked in a stretch, by one dimension each. The statistics of a link read
-- one range of this key, and a batch of clicks changes rows that lie together. That is why the
-- people of a stretch are a column of its first row and not a table: a table would have a page more
-- to write for most clicks.
CREATE TABLE click_rollups (
  link_id   INTEGER NOT NULL,
  stretch   INTEGER NOT NULL,
  dimension INTEGER NOT NULL,  -- domain::Dimension
  value     INTEGER NOT NULL,  -- of click_texts; 0 for kAll, domain::BotClass for kBotClass
  clicks    INTEGER NOT NULL,
  humans    INTEGER NOT NULL,
  visitors  BLOB,              -- of kAll: a domain::HyperLogLog of people's hashes, unless none is
  PRIMARY KEY (link_id, stretch, dimension, value)
) STRICT, WITHOUT ROWID;

-- Which texts a link's dimensions have had on a day, at most domain::kMaxDailyValues each. One that
-- is not among them when there is no room left counts as `(other)`.
CREATE TABLE daily_values (
  link_id INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  texts   BLOB NOT NULL,  -- in the order they came: the dimension (1 byte), the id (4, low first)
  PRIMARY KEY (link_id, day)
) STRICT, WITHOUT ROWID;

-- The keys of the days' visitor hashes: today's and tomorrow's. Older ones are deleted, and SQLite
-- overwrites them (PRAGMA secure_delete).
CREATE TABLE visitor_salts (
  day INTEGER PRIMARY KEY,
  key BLOB NOT NULL CHECK (length(key) = 16)
) STRICT;
