"""Batches state changes into the database and restores them. Nothing here blocks the hub."""

from marge.recorder.changes import ChangeBuffer
from marge.recorder.filtering import entity_filter
from marge.recorder.reading import history, restore
from marge.recorder.recorder import Flush, PurgeEntities, PurgeHistory, Recorder, RenameEntity, SetRecording

__all__ = [
    "ChangeBuffer", "Flush", "PurgeEntities", "PurgeHistory", "Recorder", "RenameEntity", "SetRecording",
    "entity_filter", "history", "restore",
]
