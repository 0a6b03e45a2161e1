"""Brings a built folder to the server that readers ask: rsync, SFTP or object storage."""
