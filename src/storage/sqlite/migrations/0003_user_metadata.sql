-- What GET /users/{id}?include=metadata tells beyond the user's row.

-- A JSON object, as it was sent.
ALTER TABLE users ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';

-- How often a user's links were clicked, those that are gone included, and when last. Follows from
-- the clicks alone, so that `ginnel verify` can count it anew; kept, for counting takes a time that
-- grows with the clicks.
CREATE TABLE user_clicks (
  user_id INTEGER PRIMARY KEY,
  clicks  INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT;

INSERT INTO user_clicks (user_id, clicks, last_at)
SELECT user_id, count(*), max(at) FROM clicks GROUP BY user_id;

-- When was a user's last event?
CREATE INDEX events_by_user_and_time ON events (user_id, at);
