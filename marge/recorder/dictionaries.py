"""The recorder's dictionaries: entity ids and attribute sets as small numbers.

`of` runs in the database's thread, `known` on the hub: never both at once, for the recorder waits for the thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

import peewee

from marge.model import dumps_anyhow
from marge.storage.bulk import BulkInsert
from marge.storage.models import AttributesRow, EntityRow

CHUNK = 500
ENTITIES_KEPT = 200_000
"""Known entity ids: about 30 MB. Beyond it the oldest fifth is forgotten."""
ATTRIBUTES_KEPT = 50_000
"""Known attribute sets: about 10 MB. Beyond it the oldest fifth is forgotten and looked up again when needed."""


AttributeSet = bytes | Mapping[str, Any]
"""As JSON already, or not yet."""


def attributes_json(attributes: Mapping[str, Any]) -> bytes:
    """Attributes as JSON; a value without a JSON form becomes its text, for one bad value must not cost the rest."""
    return bytes(memoryview(dumps_anyhow(attributes)))  # orjson's own bytes keep their writing buffer, 4 KB each


def json_of(attributes: AttributeSet) -> bytes:
    return attributes if isinstance(attributes, bytes) else attributes_json(attributes)


def digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=16).digest()


def short_hash(of_digest: bytes) -> int:
    """64 bits, signed, as both databases index them."""
    return int.from_bytes(of_digest[:8], "big", signed=True)


class EntityNumbers:
    """Entity id to number. Entries are added in the transaction that first uses them."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._next: int | None = None
        self._insert = BulkInsert(EntityRow, [EntityRow.id, EntityRow.entity_id])

    def forget(self) -> None:
        """Trust nothing that was remembered: a transaction may have been rolled back."""
        self._numbers.clear()
        self._next = None

    def known(self, entity_ids: Iterable[str]) -> dict[str, int] | None:
        """As `of`, without the database; None: some are not known."""
        numbers = self._numbers
        return numbers if all(each in numbers for each in entity_ids) else None

    def of(self, db: peewee.Database, entity_ids: Iterable[str]) -> dict[str, int]:
        """The numbers of all `entity_ids` (and possibly more), new ones where there were none."""
        numbers = self._numbers
        if len(numbers) > ENTITIES_KEPT:  # ids that came and went; what is still needed is looked up again
            for entity_id in list(numbers)[: len(numbers) - ENTITIES_KEPT * 4 // 5]:
                del numbers[entity_id]
        unknown = [each for each in dict.fromkeys(entity_ids) if each not in numbers]
        for start in range(0, len(unknown), CHUNK):
            some = unknown[start : start + CHUNK]
            query = EntityRow.select(EntityRow.entity_id, EntityRow.id).where(EntityRow.entity_id.in_(some))
            numbers.update(query.tuples().execute(db))
        new = [each for each in unknown if each not in numbers]
        if new:
            first = self._next or 1 + (EntityRow.select(peewee.fn.MAX(EntityRow.id)).scalar(db) or 0)
            rows = list(zip(range(first, first + len(new)), new, strict=True))
            self._insert.run(db, rows)
            numbers.update((entity_id, number) for number, entity_id in rows)
            self._next = first + len(new)
        return numbers


class AttributeNumbers:
    """Attribute sets to numbers. A set's `used_day` grows with its use: a purge goes by it."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[int, int]] = {}  # digest to number and day
        self._next: int | None = None
        row = AttributesRow
        self._insert = BulkInsert(row, [row.id, row.hash, row.used_day, row.json])

    def forget(self) -> None:
        """Trust nothing that was remembered: a transaction may have been rolled back, or a purge has run."""
        self._known.clear()
        self._next = None

    def known(self, sets: Mapping[bytes, tuple[AttributeSet, int]]) -> dict[bytes, int] | None:
        """As `of`, without the database; None: some are not known, or not as used on that day."""
        numbers: dict[bytes, int] = {}
        for key, (_attributes, day) in sets.items():
            entry = self._known.get(key)
            if entry is None or entry[1] < day:
                return None
            numbers[key] = entry[0]
        return numbers

    def of(self, db: peewee.Database, sets: Mapping[bytes, tuple[AttributeSet, int]]) -> dict[bytes, int]:
        """Digest to number for `{digest: (attributes, day of use)}`."""
        known = self._known
        numbers: dict[bytes, int] = {}
        unknown: dict[bytes, tuple[AttributeSet, int]] = {}
        used: dict[int, list[int]] = {}
        for key, (attributes, day) in sets.items():
            entry = known.get(key)
            if entry is None:
                unknown[key] = (attributes, day)
                continue
            numbers[key] = entry[0]
            if entry[1] < day:
                used.setdefault(day, []).append(entry[0])
                known[key] = (entry[0], day)
        if unknown:
            self._find(db, unknown, numbers, used)
            self._add(db, {key: value for key, value in unknown.items() if key not in numbers}, numbers)
        for day, ids in used.items():
            for start in range(0, len(ids), CHUNK):
                some = AttributesRow.id.in_(ids[start : start + CHUNK])
                AttributesRow.update({AttributesRow.used_day: day}).where(some).execute(db)
        self._trim()
        return numbers

    def _find(
        self, db: peewee.Database, unknown: Mapping[bytes, tuple[AttributeSet, int]], numbers: dict[bytes, int],
        used: dict[int, list[int]],
    ) -> None:
        """Look up sets that an earlier run, or a forgotten part of this one, has written."""
        keys = list(unknown)
        row = AttributesRow
        for start in range(0, len(keys), CHUNK):
            hashes = [short_hash(key) for key in keys[start : start + CHUNK]]
            query = row.select(row.id, row.used_day, row.json).where(row.hash.in_(hashes))
            for number, day, text in query.tuples().execute(db):
                key = digest(text.encode())
                if key in unknown:
                    numbers[key] = number
                    now = unknown[key][1]
                    self._known[key] = (number, max(day, now))
                    if day < now:
                        used.setdefault(now, []).append(number)

    def _add(
        self, db: peewee.Database, new: Mapping[bytes, tuple[AttributeSet, int]], numbers: dict[bytes, int]
    ) -> None:
        if not new:
            return
        number = self._next or 1 + (AttributesRow.select(peewee.fn.MAX(AttributesRow.id)).scalar(db) or 0)
        rows = []
        for key, (attributes, day) in new.items():
            rows.append((number, short_hash(key), day, json_of(attributes).decode()))
            self._known[key] = (number, day)
            numbers[key] = number
            number += 1
        self._insert.run(db, rows)
        self._next = number

    def _trim(self) -> None:
        if len(self._known) > ATTRIBUTES_KEPT:
            for key in list(self._known)[: ATTRIBUTES_KEPT // 5]:
                del self._known[key]
