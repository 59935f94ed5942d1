"""Batches state changes into the database and restores them. Nothing here blocks the hub."""

from marge.recorder.changes import ChangeBuffer
from marge.recorder.reading import history, restore
from marge.recorder.recorder import Flush, PurgeHistory, Recorder

__all__ = ["ChangeBuffer", "Flush", "PurgeHistory", "Recorder", "history", "restore"]
