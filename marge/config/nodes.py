"""Parsed YAML that remembers where it came from. Not here: reading files.

Mappings and lists are ordinary `dict`s and `list`s that carry their file and the line of each key or item; texts and
numbers are plain Python values, so nothing downstream needs to know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple


class Location(NamedTuple):
    """Where something stands: the file's display name and its line, counted from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class NodeDict(dict[Any, Any]):
    """A mapping from a file. Copies made by libraries (`type(x)()`) have no location, and that is fine."""

    __slots__ = ("key_locations", "location")

    def __init__(self, *args: Any, location: Location | None = None) -> None:
        super().__init__(*args)
        self.location = location
        self.key_locations: dict[Any, int | Location] = {}  # a bare line number means: in this mapping's own file


class NodeList(list[Any]):
    """A list from a file."""

    __slots__ = ("item_locations", "location")

    def __init__(self, items: Iterable[Any] = (), location: Location | None = None) -> None:
        super().__init__(items)
        self.location = location
        self.item_locations: list[int | Location] = []


@dataclass(frozen=True, slots=True)
class Input:
    """`!input name` of a blueprint: a hole that the blueprint's user fills."""

    name: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Stands where a value could not be had (a missing secret, an unknown tag). The problem is reported already.

    It is neither text nor number, so every schema refuses it and only the piece that needed it is left out.
    """

    what: str


def location_of(node: object, key: object = None) -> Location | None:
    """Where `node` stands, or the key or item `key` in it. `None` for a scalar and for what came from no file."""
    if not isinstance(node, NodeDict | NodeList):
        return None
    if key is None or node.location is None:
        return node.location
    found: int | Location | None = None
    if isinstance(node, NodeDict):
        found = node.key_locations.get(key)
    elif isinstance(key, int) and 0 <= key < len(node.item_locations):
        found = node.item_locations[key]
    if isinstance(found, int):
        return Location(node.location.file, found)
    return found or node.location


def locate(root: object, path: Iterable[object]) -> Location | None:
    """The best known place for a path into `root`, as `voluptuous.Invalid.path` gives it: as deep as the data goes."""
    here = location_of(root)
    for step in path:
        try:
            below = root[step]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
        here = location_of(root, step) or here
        own = location_of(below)
        if own is not None and (here is None or own.file != here.file):
            here = own  # included from another file: people look there
        root = below
    return here
