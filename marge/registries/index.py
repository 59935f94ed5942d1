"""Which entries carry a value: small indexes that the registries keep up to date."""

from __future__ import annotations

from collections.abc import Iterable


class Index:
    """Value to the ids of those that have it, in the order in which they got it."""

    __slots__ = ("_ids",)

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, None]] = {}

    def add(self, values: Iterable[str], key: str) -> None:
        for value in values:
            self._ids.setdefault(value, {})[key] = None

    def remove(self, values: Iterable[str], key: str) -> None:
        for value in values:
            keys = self._ids.get(value)
            if keys is not None:
                keys.pop(key, None)
                if not keys:
                    del self._ids[value]

    def count(self, value: str) -> int:
        return len(self._ids.get(value, ()))

    def get(self, value: str) -> list[str]:
        return list(self._ids.get(value, ()))


def one(value: str | None) -> tuple[str, ...]:
    """An optional value as the values of an entry."""
    return () if value is None else (value,)
