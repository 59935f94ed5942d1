"""Versions of the tables in PostgreSQL, a file each; see `marge.storage.migrate`. They hold the history only."""
