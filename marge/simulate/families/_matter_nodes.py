"""Matter nodes: endpoints of clusters of attributes, and what commands do to them. Not here: the server, sockets.

Attributes are told by paths, `<endpoint>/<cluster>/<attribute>`, as the Matter server does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marge.errors import MargeError

ON_OFF, LEVEL, DESCRIPTOR, BASIC, POWER_SOURCE, BRIDGED, BOOLEAN_STATE = 6, 8, 29, 40, 47, 57, 69
DOOR_LOCK, WINDOW_COVERING, THERMOSTAT, COLOR = 257, 258, 513, 768
TEMPERATURE, HUMIDITY, OCCUPANCY = 1026, 1029, 1030
ROOT, BRIDGE, BRIDGED_NODE = 22, 14, 19
FEATURES = 65_532
_TIMED = frozenset({(DOOR_LOCK, "LockDoor"), (DOOR_LOCK, "UnlockDoor"), (DOOR_LOCK, "UnboltDoor")})
"""Commands that a device takes within a timed interaction only."""
Attributes = dict[str, Any]


class CommandFailed(MargeError):
    """The device, or the stack before it, refuses. The text is what the server tells."""


class Node:
    """One node. `attributes`: by path; change them through `set`, which says what differs."""

    def __init__(self, node_id: int, attributes: Attributes, is_bridge: bool = False) -> None:
        self.node_id, self.attributes, self.is_bridge = node_id, attributes, is_bridge
        self.available = True

    def as_dict(self) -> dict[str, Any]:
        return {
            "node_id": self.node_id, "date_commissioned": "2026-01-02T03:04:05.000000",
            "last_interview": "2026-01-02T03:04:06.000000", "interview_version": 6, "available": self.available,
            "is_bridge": self.is_bridge, "attributes": self.attributes, "attribute_subscriptions": [],
        }  # fmt: skip

    def set(self, changes: Mapping[str, Any]) -> Attributes:
        """Take these; what differs now."""
        news = {path: value for path, value in changes.items() if self.attributes.get(path) != value}
        self.attributes.update(news)
        return news

    def command(self, endpoint: int, cluster: int, name: str, payload: Mapping[str, Any], timed: bool) -> Attributes:
        """Do it; what differs now.

        Raises:
            CommandFailed: it cannot be done.
        """
        if not self.available:
            raise CommandFailed(f"Node {self.node_id} is not (yet) available.")
        if not any(path.startswith(f"{endpoint}/{cluster}/") for path in self.attributes):
            raise CommandFailed("InteractionModelError: UnsupportedCluster (0xc3)")
        if (cluster, name) in _TIMED and not timed:
            raise CommandFailed("InteractionModelError: NeedsTimedInteraction (0xc6)")
        handler = _COMMANDS.get((cluster, name))
        if handler is None:
            raise CommandFailed("InteractionModelError: UnsupportedCommand (0x81)")
        found = {
            int(path.rpartition("/")[2]): value
            for path, value in self.attributes.items()
            if path.startswith(f"{endpoint}/{cluster}/")
        }
        try:
            changes = handler(found, payload)
        except (KeyError, TypeError, ValueError) as exc:
            raise CommandFailed("InteractionModelError: InvalidCommand (0x85)") from exc
        news = {(f"{endpoint}/{cluster}/{key}" if isinstance(key, int) else f"{endpoint}/{key}"): value
                for key, value in changes.items()}  # fmt: skip
        return self.set({path: value for path, value in news.items() if path in self.attributes})


Change = dict[int | str, Any]
"""Attribute ids of the same cluster, or `<cluster>/<attribute>` of another one at the same endpoint."""
Handler = Callable[[Mapping[int, Any], Mapping[str, Any]], Change]


def _level(_found: Mapping[int, Any], payload: Mapping[str, Any]) -> Change:
    return {0: min(max(int(payload["level"]), 1), 254)}


def _level_on_off(found: Mapping[int, Any], payload: Mapping[str, Any]) -> Change:
    level = int(payload["level"])
    return {**_level(found, payload), f"{ON_OFF}/0": level > found.get(2, 1) or level > 1}


def _lift(percent100ths: int) -> Change:
    place = min(max(percent100ths, 0), 10_000)
    return {11: place, 14: place, 8: place // 100, 10: 0}


_COMMANDS: Mapping[tuple[int, str], Handler] = {
    (ON_OFF, "On"): lambda _found, _payload: {0: True},
    (ON_OFF, "Off"): lambda _found, _payload: {0: False},
    (ON_OFF, "Toggle"): lambda found, _payload: {0: not found[0]},
    (LEVEL, "MoveToLevel"): _level,
    (LEVEL, "MoveToLevelWithOnOff"): _level_on_off,
    (COLOR, "MoveToHueAndSaturation"): lambda _found, payload: {
        0: _byte(payload["hue"]), 1: _byte(payload["saturation"]), 8: 0
    },
    (COLOR, "MoveToColor"): lambda _found, payload: {3: _word(payload["colorX"]), 4: _word(payload["colorY"]), 8: 1},
    (COLOR, "MoveToColorTemperature"): lambda found, payload: {
        7: min(max(int(payload["colorTemperatureMireds"]), found[16_395]), found[16_396]), 8: 2
    },
    (DOOR_LOCK, "LockDoor"): lambda _found, _payload: {0: 1},
    (DOOR_LOCK, "UnlockDoor"): lambda _found, _payload: {0: 2},
    (DOOR_LOCK, "UnboltDoor"): lambda _found, _payload: {0: 2},
    (WINDOW_COVERING, "UpOrOpen"): lambda _found, _payload: _lift(0),
    (WINDOW_COVERING, "DownOrClose"): lambda _found, _payload: _lift(10_000),
    (WINDOW_COVERING, "StopMotion"): lambda found, _payload: {11: found[14], 10: 0},
    (WINDOW_COVERING, "GoToLiftPercentage"): lambda _found, payload: _lift(int(payload["liftPercent100thsValue"])),
}  # fmt: skip


def _byte(value: Any) -> int:
    return min(max(int(value), 0), 254)


def _word(value: Any) -> int:
    return min(max(int(value), 0), 65_279)


# -- what there is -----------------------------------------------------------------------------------------------------


def node(
    node_id: int, label: str, device_type: int, clusters: Mapping[int, Mapping[int, Any]], *, product: str = "Simulated"
) -> Node:
    """A node of one device, at endpoint 1."""
    return Node(node_id, {**_root(node_id, label, product, ROOT), **endpoint(1, (device_type,), clusters)})


def endpoint(number: int, device_types: tuple[int, ...], clusters: Mapping[int, Mapping[int, Any]]) -> Attributes:
    """An endpoint's attributes by their paths."""
    found = {
        f"{number}/{DESCRIPTOR}/0": [{"0": device_type, "1": 1} for device_type in device_types],
        f"{number}/{DESCRIPTOR}/1": [DESCRIPTOR, *clusters],
    }
    for cluster, attributes in clusters.items():
        found.update({f"{number}/{cluster}/{attribute}": value for attribute, value in attributes.items()})
    return found


def _root(node_id: int, label: str, product: str, *types: int) -> Attributes:
    basic = {
        0: 17, 1: "Marge", 2: 65_521, 3: product, 4: 32_768, 5: label, 6: "XX", 8: "1.0", 9: 1, 10: "1.0.0",
        15: f"SIM-{node_id:04}", 18: f"simulated-{node_id}",
    }  # fmt: skip
    return endpoint(0, types, {BASIC: basic})


def light(on: bool, level: int) -> dict[int, dict[int, Any]]:
    """On, off and brightness."""
    return {ON_OFF: {0: on, FEATURES: 1}, LEVEL: {0: level, 2: 1, 3: 254, 15: 0, 17: None, FEATURES: 3}}


def coloured(on: bool, level: int) -> dict[int, dict[int, Any]]:
    """All colours and white tones."""
    colour = {0: 40, 1: 200, 3: 24_939, 4: 24_701, 7: 250, 8: 2, 16_394: 25, 16_395: 153, 16_396: 500, FEATURES: 25}
    return {**light(on, level), COLOR: colour}


def demo_nodes() -> list[Node]:
    """A node of each kind, and a bridge with two lights."""
    thermostat = {
        0: 2150, 3: 700, 4: 3000, 5: 1600, 6: 3200, 17: 2600, 18: 2000, 21: 700, 22: 3000, 23: 1600, 24: 3200,
        27: 4, 28: 4, 41: 1, FEATURES: 3,
    }  # fmt: skip
    cover = {0: 0, 8: 0, 10: 0, 11: 0, 14: 0, FEATURES: 5}
    bridge = _root(11, "Hall Bridge", "Simulated bridge", ROOT, BRIDGE)
    for number, label in ((3, "Hall Ceiling"), (4, "Hall Wall")):
        about = {1: "Marge", 3: "Simulated lamp", 5: label, 17: True, 18: f"simulated-11-{number}"}
        bridge.update(endpoint(number, (256, BRIDGED_NODE), {ON_OFF: {0: False}, BRIDGED: about}))
    return [
        node(1, "Reading Lamp", 269, coloured(True, 128)),
        node(2, "Porch Light", 257, light(False, 254)),
        node(3, "Coffee Plug", 266, {ON_OFF: {0: False, FEATURES: 1}}),
        node(4, "Garden Door", 10, {DOOR_LOCK: {0: 1, 1: 0, 2: True, FEATURES: 0}, POWER_SOURCE: {12: 176}}),
        node(5, "Study Thermostat", 769, {THERMOSTAT: thermostat}),
        node(6, "Garden Door Contact", 21, {BOOLEAN_STATE: {0: True}, POWER_SOURCE: {12: 200}}),
        node(7, "Study Occupancy", 263, {OCCUPANCY: {0: 0, 1: 0, 2: 1}}),
        node(8, "Cellar Temperature", 770, {TEMPERATURE: {0: 1425, 1: -4000, 2: 12_500}}),
        node(9, "Study Blind", 514, {WINDOW_COVERING: cover}),
        node(10, "Cellar Humidity", 775, {HUMIDITY: {0: 5620, 1: 0, 2: 10_000}}),
        Node(11, bridge, is_bridge=True),
    ]
