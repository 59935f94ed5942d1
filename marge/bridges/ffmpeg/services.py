"""`ffmpeg.start`, `stop` and `restart`: for the sensors that are named, or for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import voluptuous as vol

from marge.bridges.ffmpeg.watch import Restart, Start, Stop
from marge.domains._validators import entity_ids

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services import ServiceCall

_SCHEMA = {vol.Optional("entity_id"): entity_ids}
_FIELDS = {
    "entity_id": {
        "description": "Which sensors; all of them when left out.",
        "selector": {"entity": {"integration": "ffmpeg", "domain": "binary_sensor"}},
    }
}
_SERVICES: tuple[tuple[str, str, type[Start | Stop | Restart]], ...] = (
    ("start", "Starts ffmpeg for a sensor.", Start),
    ("stop", "Ends ffmpeg of a sensor, which is unavailable then.", Stop),
    ("restart", "Ends ffmpeg of a sensor and starts it anew.", Restart),
)


def register(home: Home, paths: Sequence[str]) -> None:
    """The services of the sensors whose actors are at `paths`."""

    def handler(kind: type[Start | Stop | Restart]) -> Callable[[ServiceCall], None]:
        def handle(call: ServiceCall) -> None:
            named = call.data.get("entity_id")
            only = None if named is None else frozenset(home.states.current_id(each) for each in named)
            for path in paths:
                home.system.tell(path, kind(only))

        return handle

    for name, text, kind in _SERVICES:
        home.services.register(
            "ffmpeg", name, handler(kind), _SCHEMA, description=text, fields=_FIELDS, name=name.capitalize()
        )
