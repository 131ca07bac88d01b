"""A database as an earlier version left it."""
import sqlite3

# What takes the tables back behind a migration, the latest first.
UNDONE = {
    "0008_packed_sums": [
        "DROP TABLE link_sums",
        "DROP TABLE day_sums",
        "DROP TABLE click_lists",
        "DROP TABLE sums_cursor",
        "CREATE INDEX IF NOT EXISTS clicks_by_link ON clicks (link_id)",
        "CREATE INDEX IF NOT EXISTS clicks_by_user ON clicks (user_id)",
    ],
    "0007_whole_idempotency_keys": [
        "ALTER TABLE idempotency_keys ADD COLUMN audit_id INTEGER NOT NULL DEFAULT 0",
        "UPDATE idempotency_keys SET audit_id = (SELECT max(id) FROM audit WHERE action = 'create' "
        "AND entity_id = row_id AND audit.at = idempotency_keys.at)",
        "ALTER TABLE idempotency_keys DROP COLUMN row_id",
        "ALTER TABLE idempotency_keys DROP COLUMN code",
    ],
    "0006_username_keys": [],
    "0005_chosen_codes": [
        "DROP INDEX links_by_chosen_code",
        "ALTER TABLE links DROP COLUMN chosen",
    ],
}


def take_back(database: sqlite3.Connection, migration: str) -> None:
    """Undoes every migration from `migration` on, as far as tables go; rows are the caller's."""
    for name, statements in UNDONE.items():
        for statement in statements:
            database.execute(statement)
        database.execute("DELETE FROM schema_migrations WHERE name = ?", (name,))
        if name == migration:
            break
    else:
        raise KeyError(migration)
    last = database.execute("SELECT max(number) FROM schema_migrations").fetchone()[0]
    database.execute(f"PRAGMA user_version = {last}")
