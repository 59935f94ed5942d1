"""The latest messages on topics that entities read, and the latest that entities sent: for people who seek a fault.

Bounded: some messages a topic, the beginning of long ones, and no topic that nobody reads. Pure.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.topics import TopicTrie
from marge.util.dt import iso

KEPT = 10
"""Messages a topic."""
KEPT_BYTES = 4_096
"""Of a message's payload."""


class Note(NamedTuple):
    """One message. `mark` tells its whole payload from another one's."""

    topic: str
    payload: bytes
    qos: int
    retain: bool
    at: float
    mark: int

    def as_dict(self) -> dict[str, Any]:
        """As clients get it: payloads that are no text as Python writes bytes."""
        try:
            payload = self.payload.decode("utf-8")
        except UnicodeDecodeError:
            payload = str(self.payload)
        return {
            "payload": payload, "qos": self.qos, "retain": self.retain, "time": iso(self.at), "topic": self.topic,
        }  # fmt: skip


class HeardBook:
    """What was heard on the topics that somebody reads. `read` and `unread` come in pairs, a pair a reader."""

    def __init__(self) -> None:
        self._readers: dict[str, int] = {}
        self._exact: dict[str, list[Note]] = {}
        self._wild: TopicTrie[list[Note]] = TopicTrie()
        self._wild_count = 0
        self._notes: dict[str, list[Note]] = {}

    def read(self, topic_filter: str) -> None:
        """Somebody reads this filter from now on."""
        count = self._readers.get(topic_filter, 0)
        self._readers[topic_filter] = count + 1
        if count:
            return
        notes = self._notes[topic_filter] = []
        if "+" in topic_filter or "#" in topic_filter:
            self._wild.add(topic_filter, notes)
            self._wild_count += 1
        else:
            self._exact[topic_filter] = notes

    def unread(self, topic_filter: str) -> None:
        """Somebody reads it no more; after the last one its messages are forgotten."""
        count = self._readers.get(topic_filter, 0) - 1
        if count > 0:
            self._readers[topic_filter] = count
            return
        if self._readers.pop(topic_filter, None) is None:
            return
        notes = self._notes.pop(topic_filter)
        if self._exact.pop(topic_filter, None) is None:
            self._wild.remove(topic_filter, notes)
            self._wild_count -= 1

    def repeats(self, message: Incoming) -> bool:
        """Whether the message is what was heard last on its topic."""
        notes = self._exact.get(message.topic)
        return bool(notes and notes[-1].mark == hash(message.payload))

    def note(self, message: Incoming) -> None:
        """Remember a message if somebody reads its topic."""
        notes = self._exact.get(message.topic)
        if notes is not None:
            _add(notes, message)
        if self._wild_count:
            for each in self._wild.match(message.topic):
                _add(each, message)

    def of(self, topic_filter: str) -> list[dict[str, Any]]:
        """The latest messages, the oldest first."""
        return [note.as_dict() for note in self._notes.get(topic_filter, ())]


def _add(notes: list[Note], message: Incoming) -> None:
    if len(notes) >= KEPT:
        del notes[0]
    payload = message.payload
    notes.append(Note(message.topic, payload[:KEPT_BYTES], message.qos, message.retain, time.time(), hash(payload)))


class SentBook:
    """What entities sent lately. Written in the entities' turns, read in the bridge's."""

    def __init__(self) -> None:
        self._sent: dict[str, dict[str, list[Note]]] = {}

    def note(self, entity_id: str, topic: str, payload: str | bytes, qos: int, retain: bool) -> None:
        raw = payload if isinstance(payload, bytes) else payload[:KEPT_BYTES].encode("utf-8", "replace")
        notes = self._sent.setdefault(entity_id, {}).setdefault(topic, [])
        if len(notes) >= KEPT:
            del notes[0]
        notes.append(Note(topic, raw[:KEPT_BYTES], qos, retain, time.time(), 0))

    def forget(self, entity_id: str) -> None:
        self._sent.pop(entity_id, None)

    def of(self, entity_id: str) -> list[dict[str, Any]]:
        """By topic."""
        sent: Mapping[str, list[Note]] = self._sent.get(entity_id, {})
        return [{"topic": topic, "messages": [note.as_dict() for note in notes]} for topic, notes in sent.items()]
