"""The database on its native thread, models, migrations and the key-value store. No smart-home logic."""

from marge.storage.database import Database
from marge.storage.errors import DatabaseCorrupt, DatabaseTooNew, DatabaseUnusable, StorageClosed
from marge.storage.keyvalue import KeyValue
from marge.storage.lock import HomeLock

__all__ = ["Database", "DatabaseCorrupt", "DatabaseTooNew", "DatabaseUnusable", "HomeLock", "KeyValue", "StorageClosed"]
