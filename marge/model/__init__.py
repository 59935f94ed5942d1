"""What the home consists of: states, events, contexts, ids. Pure and immutable; no I/O, no actors, no clocks."""

from marge.model.context import Context
from marge.model.entity_id import split_entity_id, valid_entity_id
from marge.model.event import Event
from marge.model.json import (
    MAX_DEPTH,
    MAX_READ_DEPTH,
    clean_text,
    cleaned,
    dumps,
    dumps_anyhow,
    has_too_deep,
    is_too_deep,
    loads,
    nests_too_deep,
)
from marge.model.state import ReadOnlyDict, State

MATCH_ALL = "*"
STATE_CHANGED = "state_changed"
STATE_UNKNOWN = "unknown"
STATE_UNAVAILABLE = "unavailable"
MAX_STATE_LENGTH = 255

__all__ = [
    "MATCH_ALL",
    "MAX_DEPTH",
    "MAX_READ_DEPTH",
    "MAX_STATE_LENGTH",
    "STATE_CHANGED",
    "STATE_UNAVAILABLE",
    "STATE_UNKNOWN",
    "Context",
    "Event",
    "ReadOnlyDict",
    "State",
    "clean_text",
    "cleaned",
    "dumps",
    "dumps_anyhow",
    "has_too_deep",
    "is_too_deep",
    "loads",
    "nests_too_deep",
    "split_entity_id",
    "valid_entity_id",
]
