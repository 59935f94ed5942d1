"""Matter nodes as the server tells them: what they are, and reading their attributes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

ON_OFF, LEVEL, DESCRIPTOR, BASIC, POWER_SOURCE, BRIDGED, BOOLEAN_STATE = 6, 8, 29, 40, 47, 57, 69
DOOR_LOCK, WINDOW_COVERING, THERMOSTAT, COLOR = 257, 258, 513, 768
FEATURES = 65_532
_LABEL, _VENDOR, _PRODUCT, _HARDWARE, _SOFTWARE, _SERIAL, _REACHABLE = 5, 1, 3, 8, 10, 15, 17
_PARTS, _BATTERY = 3, 12
_UTILITY = frozenset({14, 17, 18, 19, 20, 22})
"""Device types that are no devices: aggregator, power source, OTA requestor, bridged node, OTA provider, root."""
MAX_TEXT = 255
MAX_ENDPOINTS = 300


class Endpoint(NamedTuple):
    """One device of a node.

    Attributes:
        attributes: of the whole node, by path.
        types: its device types, without those that are none.
        about: the endpoint that names it; 0: the node itself.
        is_alone: no other device of the node has the same name.
    """

    attributes: Mapping[str, Any]
    number: int
    types: tuple[int, ...]
    about: int
    is_alone: bool

    def get(self, cluster: int, attribute: int) -> Any:
        """An attribute's value as it came; None where there is none."""
        return self.attributes.get(f"{self.number}/{cluster}/{attribute}")

    def integer(self, cluster: int, attribute: int) -> int | None:
        """A whole number; None for anything else."""
        value = self.get(cluster, attribute)
        return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63 else None

    def flag(self, cluster: int, attribute: int) -> bool | None:
        value = self.get(cluster, attribute)
        return value if isinstance(value, bool) else None

    def features(self, cluster: int) -> int:
        """The cluster's feature map."""
        return self.integer(cluster, FEATURES) or 0

    @property
    def battery(self) -> float | None:
        """Percent; of the endpoint, else of the node."""
        for number in (self.number, self.about, 0):
            value = self.attributes.get(f"{number}/{POWER_SOURCE}/{_BATTERY}")
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 200:
                return value / 2
        return None

    @property
    def reachable(self) -> bool:
        """What a bridge says of a device behind it."""
        return not self.about or self.attributes.get(f"{self.about}/{BRIDGED}/{_REACHABLE}") is not False


class Node:
    """One node as it was told last; replaced as a whole, or attribute by attribute by its connection."""

    def __init__(self, node_id: int, available: bool, is_bridge: bool, attributes: dict[str, Any]) -> None:
        self.node_id, self.available, self.is_bridge = node_id, available, is_bridge
        self.attributes = attributes
        self._endpoints: list[Endpoint] | None = None

    def put(self, path: str, value: Any) -> None:
        """An attribute is so now."""
        self.attributes[path] = value
        if path.split("/")[1:2] in ([str(DESCRIPTOR)], [str(BRIDGED)]):
            self._endpoints = None

    def drop_endpoint(self, number: int) -> None:
        """The endpoint is no more."""
        prefix = f"{number}/"
        self.attributes = {path: value for path, value in self.attributes.items() if not path.startswith(prefix)}
        self._endpoints = None

    def text(self, endpoint: int, attribute: int) -> str | None:
        """A text of the endpoint's basic information."""
        cluster = BRIDGED if endpoint else BASIC
        value = self.attributes.get(f"{endpoint}/{cluster}/{attribute}")
        return value.strip()[:MAX_TEXT] if isinstance(value, str) and value.strip() else None

    def name(self, endpoint: int = 0) -> str:
        """What its owner calls it, else what its maker does."""
        found = self.text(endpoint, _LABEL) or self.text(endpoint, _PRODUCT)
        return found or (self.name() if endpoint else f"Node {self.node_id}")

    def facts(self, endpoint: int = 0) -> dict[str, str | None]:
        """For the device registry."""
        return {
            "name": self.name(endpoint),
            "manufacturer": self.text(endpoint, _VENDOR),
            "model": self.text(endpoint, _PRODUCT),
            "sw_version": self.text(endpoint, _SOFTWARE),
            "hw_version": self.text(endpoint, _HARDWARE),
            "serial_number": self.text(endpoint, _SERIAL),
        }

    def endpoints(self) -> list[Endpoint]:
        """Its devices."""
        if self._endpoints is None:
            self._endpoints = self._find_endpoints()
        return self._endpoints

    def _find_endpoints(self) -> list[Endpoint]:
        numbers = sorted(self._numbers())[:MAX_ENDPOINTS]
        namers = {number: number for number in numbers if self._is_bridged(number)}
        for parent in list(namers):
            for part in _integers(self.attributes.get(f"{parent}/{DESCRIPTOR}/{_PARTS}")):
                namers.setdefault(part, parent)
        found = [(number, types, namers.get(number, 0)) for number in numbers if (types := self._types(number))]
        count: dict[int, int] = {}
        for _, _, about in found:
            count[about] = count.get(about, 0) + 1
        return [Endpoint(self.attributes, n, types, about, count[about] == 1) for n, types, about in found]

    def _numbers(self) -> set[int]:
        suffix = f"/{DESCRIPTOR}/0"
        texts = (path.removesuffix(suffix) for path in self.attributes if path.endswith(suffix))
        return {int(text) for text in texts if text.isdecimal() and len(text) <= 5 and text != "0"}

    def _is_bridged(self, number: int) -> bool:
        return any(f"{number}/{BRIDGED}/{each}" in self.attributes for each in (_LABEL, _PRODUCT, _REACHABLE))

    def _types(self, number: int) -> tuple[int, ...]:
        told = self.attributes.get(f"{number}/{DESCRIPTOR}/0")
        return tuple(kind for kind in _device_types(told) if kind not in _UTILITY)


def parse_node(told: object) -> Node | None:
    """A node as the server writes it; None for what is none."""
    if not isinstance(told, dict):
        return None
    node_id, attributes = told.get("node_id"), told.get("attributes")
    if not isinstance(node_id, int) or isinstance(node_id, bool) or not isinstance(attributes, dict):
        return None
    return Node(node_id, told.get("available") is True, told.get("is_bridge") is True, attributes)


def _device_types(told: object) -> Iterator[int]:
    """Servers name the fields of structures by their tags; the first ones wrote them out."""
    for each in told if isinstance(told, list) else ():
        if isinstance(each, dict):
            value = next((each[key] for key in ("0", "deviceType", "type") if key in each), None)
            if isinstance(value, int) and not isinstance(value, bool):
                yield value


def _integers(told: object) -> list[int]:
    values = told if isinstance(told, list) else []
    return [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
