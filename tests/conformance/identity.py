"""Recorded ids and ours: devices, entries and users are the same things under other random ids.

A recorded id in a request is replaced by ours: by what earlier replies taught, else by what the recording says the id
belongs to (a device by its identifiers, a config entry by its domain and title).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.support.home import HomeServer

ID = re.compile(
    r"\b(?:[0-9A-HJKMNP-TV-Z]{26}|[0-9a-hjkmnp-tv-z]{26}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
)
_NATURAL = ("entity_id", "ei", "unique_id", "domain", "title", "name", "username", "url_path")


class Identities:
    """The mapping of one replay."""

    def __init__(self, server: HomeServer, recorded: Iterable[Any]) -> None:
        """Args: recorded: every recorded reply, to learn what an id belongs to."""
        self._server = server
        self._learned: dict[str, str] = {}
        self._devices: dict[str, set[tuple[str, ...]]] = {}
        self._entries: dict[str, tuple[str, str]] = {}
        for each in _dicts(recorded):
            if isinstance(each.get("identifiers"), list) and isinstance(each.get("id"), str):
                self._devices.setdefault(each["id"], {tuple(map(str, pair)) for pair in each["identifiers"]})
            elif isinstance(each.get("entry_id"), str) and "domain" in each:
                self._entries.setdefault(each["entry_id"], (each["domain"], str(each.get("title"))))

    def ours(self, value: Any) -> Any:
        """A recorded request with our ids in it."""
        if isinstance(value, dict):
            return {name: self.ours(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.ours(each) for each in value]
        return ID.sub(lambda found: self._id(found.group()), value) if isinstance(value, str) else value

    def learn(self, expected: Any, actual: Any) -> None:
        """Note which id of ours stands where the recording has another."""
        if isinstance(expected, dict) and isinstance(actual, dict):
            for name in expected.keys() & actual.keys():
                self.learn(expected[name], actual[name])
        elif isinstance(expected, list) and isinstance(actual, list):
            for one, other in _aligned(expected, actual):
                self.learn(one, other)
        elif _is_id(expected) and _is_id(actual) and expected != actual:
            self._learned[expected] = actual

    def _id(self, recorded: str) -> str:
        if recorded in self._learned:
            return self._learned[recorded]
        registries = self._server.home.registries
        if recorded in self._devices:
            for device in registries.devices.all():
                if {tuple(map(str, pair)) for pair in device.identifiers} & self._devices[recorded]:
                    return str(device.id)
        if recorded in self._entries:
            domain, title = self._entries[recorded]
            found = [each for each in registries.config_entries.all() if each.domain == domain]
            same = [each for each in found if each.title == title] or found
            if same:
                return str(same[0].entry_id)
        return recorded


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and ID.fullmatch(value) is not None


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _dicts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _dicts(each)


def _aligned(expected: list[Any], actual: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Pairs of items that stand for the same thing: by a natural name when they have one, else by position."""
    for key in _NATURAL:
        if all(isinstance(each, dict) and key in each for each in (*expected[:-1], *actual)) and len(expected) > 1:
            by_key = {str(each[key]): each for each in actual}
            yield from (
                (each, by_key[str(each[key])])
                for each in expected
                if isinstance(each, dict) and str(each.get(key)) in by_key
            )
            return
    yield from zip(expected, actual, strict=False)
