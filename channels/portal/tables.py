"""The tables of the portal's own memory: enough to build every file again without asking anybody."""

from typing import Final

VERSION: Final = 4  # raise it with the tables or what is stored in them: an older index is filled anew from its posts

TABLES: Final = """
CREATE TABLE item (
    item TEXT PRIMARY KEY, address TEXT NOT NULL UNIQUE, home TEXT NOT NULL, kind TEXT NOT NULL, unit TEXT NOT NULL,
    sort TEXT NOT NULL, changed TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0, card TEXT, words TEXT
);
CREATE INDEX item_sort ON item (sort, item);
-- The long texts of an item that is not gone, apart: lists and neighbours read many items and none of these.
CREATE TABLE said (item TEXT PRIMARY KEY, entry TEXT NOT NULL, post TEXT NOT NULL);
CREATE TABLE listed (
    list TEXT NOT NULL, sort TEXT NOT NULL, item TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (list, sort, item)
) WITHOUT ROWID;
CREATE INDEX listed_item ON listed (item);
CREATE TABLE tally (list TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE month (month TEXT PRIMARY KEY, changed TEXT NOT NULL, count INTEGER NOT NULL, shard TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE media (
    item TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (item, role, name)
) WITHOUT ROWID;
CREATE INDEX media_name ON media (name);
-- What flush has still to do: of a list from a place on, of a list just at a place. Positions are counted at the end.
CREATE TABLE dirty_page (item TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE dirty_list (list TEXT PRIMARY KEY, sort TEXT NOT NULL, item TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE dirty_place (
    list TEXT NOT NULL, sort TEXT NOT NULL, item TEXT NOT NULL, PRIMARY KEY (list, sort, item)
) WITHOUT ROWID;
CREATE TABLE dirty_feed (list TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE dirty_month (month TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE stale_media (name TEXT PRIMARY KEY) WITHOUT ROWID;
-- What no server has yet, empty and unused where nothing is deployed.
CREATE TABLE changed (address TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE change_number (number INTEGER NOT NULL);
INSERT INTO change_number VALUES (0);
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
