"""What a family of devices tells `GET /api/integrations`, and how all of them are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

from marge.errors import HomeError, Unavailable
from marge.home import Home
from marge.http.message import Reply, json_reply
from marge.http.rest._assign import texts
from marge.http.shapes import INTEGER, OBJECT, STRING, Answer, list_of, obj
from marge.util.parts import find_parts

ADDRESS = texts(("ip",))
"""The body that names a device by its address."""
DEVICES = obj(device_count=INTEGER, devices=list_of(OBJECT))
DONE = {200: Answer("What came of it.", obj(result=STRING, message_=STRING))}


class Summary(NamedTuple):
    """How a family is now: its status in its own words, and how many devices it has."""

    status: str
    device_count: int


class Family(NamedTuple):
    """What a module of this package exposes as `FAMILY`.

    Attributes:
        id, name: as the list tells them.
        place: where in the list.
        summary: asked for each reply; quick, never waits.
    """

    id: str
    name: str
    place: int
    summary: Callable[[Home], Summary]


@cache
def families() -> tuple[Family, ...]:
    """All of them, in the list's order."""
    parts = find_parts(__package__)
    found = [family for _name, module in parts if isinstance(family := getattr(module, "FAMILY", None), Family)]
    return tuple(sorted(found, key=lambda family: family.place))


def activity(count: int) -> Summary:
    """Of families that are active as soon as they have a device."""
    return Summary("active" if count else "inactive", count)


def listed(devices: list[dict[str, object]]) -> Reply:
    """The devices and how many they are."""
    return json_reply({"device_count": len(devices), "devices": devices})


def asked(do: Callable[[], Mapping[str, object] | None]) -> Reply:
    """Ask a device or a gateway for something: what it answered, or why it did not work, both with status 200."""
    try:
        answer = do()
    except (HomeError, Unavailable) as exc:
        return failed(str(exc))
    return json_reply({"result": "ok", **(answer or {})})


def failed(text: str) -> Reply:
    """What was asked for did not work; the native API tells it with status 200."""
    return json_reply({"result": "error", "message": text})
