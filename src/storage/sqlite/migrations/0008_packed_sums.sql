-- Sums of clicks, one text of bytes for a link and quarter of an hour, made after the clicks are
-- stored. What older versions kept a row a value (click_rollups, daily_values) is moved here in
-- portions, while the database is served.

-- What a link's clicks add up to in a stretch. A portion of clicks changes rows that lie together.
CREATE TABLE link_sums (
  link_id INTEGER NOT NULL,
  stretch INTEGER NOT NULL,
  sums    BLOB NOT NULL,  -- storage::ClickSums
  PRIMARY KEY (link_id, stretch)
) STRICT, WITHOUT ROWID;

-- The same of a day (UTC) that has many stretches and is over: a year is read from these.
CREATE TABLE day_sums (
  link_id INTEGER NOT NULL,
  day     INTEGER NOT NULL,
  sums    BLOB NOT NULL,
  PRIMARY KEY (link_id, day)
) STRICT, WITHOUT ROWID;

-- The numbers of the clicks of a link (owner_kind 0), and of a user (1): in the place of two
-- indexes of `clicks`, which cost twice as much as its rows. Those go when all clicks are listed.
CREATE TABLE click_lists (
  owner_kind INTEGER NOT NULL,
  owner_id   INTEGER NOT NULL,
  first_id   INTEGER NOT NULL,  -- a click,
  steps      BLOB NOT NULL,     -- and how far each further one is above the one before: LEB128
  PRIMARY KEY (owner_kind, owner_id, first_id)
) STRICT, WITHOUT ROWID;

-- How far the sums and lists are. Clicks are taken up in portions, each first link by link and then
-- user by user.
CREATE TABLE sums_cursor (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  first_click INTEGER NOT NULL,  -- those below are summed up
  end_click   INTEGER NOT NULL,  -- of the portion under way; first_click when none is
  owner_kind  INTEGER NOT NULL,  -- 0: by links, 1: by users; links are done then
  owner_id    INTEGER NOT NULL,  -- the portion's clicks of such owners below are summed up, too
  next_click  INTEGER NOT NULL,  -- one above the last click
  unsummed    INTEGER NOT NULL,  -- clicks from first_click on
  newest_day  INTEGER NOT NULL,  -- of which a click is summed up
  indexed     INTEGER NOT NULL,  -- 1: clicks_by_link and clicks_by_user are there. By these
  older_end   INTEGER NOT NULL,  -- the clicks of older versions, which are below, are listed
  older_kind  INTEGER NOT NULL,  -- owner by owner, first of this kind, 0 and then 1,
  older_owner INTEGER NOT NULL,  -- up to this one
  older_click INTEGER NOT NULL,  -- and this click of it
  unlisted    INTEGER NOT NULL   -- their numbers that are in no list yet, two a click, about
) STRICT;

INSERT INTO sums_cursor
SELECT 1, value + 1, value + 1, 0, 0, value + 1, 0,
       coalesce((SELECT at / 86400000000 FROM clicks ORDER BY id DESC LIMIT 1), 0),
       1, value + 1, 0, 0, 0, 2 * (value + 1 - coalesce((SELECT min(id) FROM clicks), value + 1))
FROM sequences WHERE name = 'event';
