-- A key holds what was made under it, so that nothing is read out of the trail's JSON. The keys of
-- the last day come with it.

ALTER TABLE idempotency_keys ADD COLUMN row_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE idempotency_keys ADD COLUMN code TEXT NOT NULL DEFAULT '';  -- of a link

UPDATE idempotency_keys
SET (row_id, code) = (SELECT entity_id, coalesce(after ->> '$.short_code', '')
                      FROM audit WHERE id = audit_id)
WHERE audit_id IN (SELECT id FROM audit);

ALTER TABLE idempotency_keys DROP COLUMN audit_id;
