"""The tables of the portal's own memory: enough to build every file again without asking anybody."""

TABLES = """
CREATE TABLE IF NOT EXISTS item (
    item TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE, post TEXT, card TEXT, kind TEXT NOT NULL, unit TEXT NOT NULL,
    sort TEXT NOT NULL, changed TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS item_sort ON item (sort, item);
CREATE TABLE IF NOT EXISTS listed (
    list TEXT NOT NULL, sort TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (list, sort, item)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS media (
    item TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (item, role, name)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS media_name ON media (name);
-- What flush has still to do. A position counts from the oldest; `last` NULL means "and all newer ones".
CREATE TABLE IF NOT EXISTS dirty_page (item TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dirty_list (list TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER);
CREATE TABLE IF NOT EXISTS dirty_month (month TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stale_media (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
