"""Bytes of a drop become an Item, or findings that say why not."""
