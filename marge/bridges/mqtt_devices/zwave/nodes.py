"""Nodes and values of a Z-Wave network as zwave-js-ui tells them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_NODES = 4_000
"""Of one network: Z-Wave Long Range has room for 4,000."""
MAX_VALUES = 1_000
"""Of one node."""
MAX_TEXT = 200
CONTROLLER = 1
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_FIELDS = (
    "id", "name", "loc", "manufacturer", "product_description", "product_label", "status", "ready", "interview_stage",
    "values",
)  # fmt: skip
_UNTOLD = re.compile(r"[+*#\\.''“”\"`!?^=(),<>{}\[\]\s]")  # what zwave-js-ui leaves out of topics


@dataclass
class ZWaveNode:
    """One node: what was last said of it.

    Attributes:
        told: as zwave-js-ui says it, keys in snake_case.
        values: by value id (`37-0-currentValue`), with `value` and, where told, `label`, `unit`, `writeable`, ….
        last_active: milliseconds since 1970.
    """

    id: int
    told: dict[str, Any] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    last_active: int | None = None
    _paths: tuple[tuple[str, str], tuple[str, ...]] | None = None

    @property
    def name(self) -> str:
        return _text(self.told.get("name"))

    @property
    def location(self) -> str:
        return _text(self.told.get("loc"))

    @property
    def title(self) -> str:
        """For people, as zwave-js-ui's discovery calls the device."""
        return self.name or f"nodeID_{self.id}"

    @property
    def is_controller(self) -> bool:
        return self.told.get("is_controller_node") is True

    def paths(self) -> tuple[str, ...]:
        """How its topics may begin, below the prefix; the same object while neither name nor place changes."""
        key = (self.name, self.location)
        if self._paths is None or self._paths[0] != key:
            self._paths = key, self._possible()
        return self._paths[1]

    def _possible(self) -> tuple[str, ...]:
        names = {self.name, topic_part(self.name), f"nodeID_{self.id}", str(self.id)} - {""}
        places = {self.location, topic_part(self.location)} - {""}
        return (*names, *(f"{place}/{name}" for place in places for name in names))

    def learn(self, sent: Mapping[str, Any]) -> None:
        """Take what a message says of it; what it leaves out stays."""
        for key, value in sent.items():
            name = snake(str(key))
            if name == "values":
                self._learn_values(value)
            elif name == "last_active":
                self.active(value)
            elif name not in ("groups", "hass_devices"):
                self.told[name] = value

    def active(self, at: Any) -> None:
        """The network has heard of it at that time."""
        if isinstance(at, int) and not isinstance(at, bool) and at > 0:
            self.last_active = max(at, self.last_active or 0)

    def set_value(self, value_id: str, told: Mapping[str, Any]) -> None:
        """One of its values, or what is known of it, has changed."""
        if value_id in self.values or len(self.values) < MAX_VALUES:
            self.values[value_id] = {**self.values.get(value_id, {}), **told}

    def _learn_values(self, sent: Any) -> None:
        listed = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list) else ()
        for each in listed:
            if isinstance(each, dict) and "commandClass" in each and "property" in each:
                self.set_value(value_id_of(each), _described(each))

    def as_listed(self) -> dict[str, Any]:
        """As `GET /api/integrations/zwave` lists it."""
        shown = {name: self.told.get(name) for name in _FIELDS}
        return {**shown, "id": self.id, "values": self.told.get("raw_values") or list(self.values.values()) or None}

    def as_dict(self) -> dict[str, Any]:
        """Everything."""
        told = {key: value for key, value in self.told.items() if key != "raw_values"}
        return {**told, "id": self.id, "last_active": self.last_active, "values": self.values}


def snake(key: str) -> str:
    """`productLabel` as `product_label`."""
    return _HUMP.sub("_", key).lower()


def topic_part(name: str) -> str:
    """A name as zwave-js-ui writes it in topics: no accents, `_` for what topics cannot have."""
    plain = unicodedata.normalize("NFD", name)
    return _UNTOLD.sub("_", "".join(each for each in plain if not unicodedata.combining(each)))


def value_id_of(value: Mapping[str, Any]) -> str:
    """`37-0-currentValue`, with a property key behind it when there is one."""
    parts = [value["commandClass"], value.get("endpoint") or 0, value["property"]]
    key = value.get("propertyKey")
    return "-".join(str(part) for part in (parts if key is None else [*parts, key]))


def value_path(levels: list[str]) -> tuple[str, dict[str, Any]] | None:
    """What a value's topic says: `<class>/<endpoint>/<property>[/<key>]`, also with names; None: it is none."""
    if not 3 <= len(levels) <= 5:
        return None
    command_class, endpoint, name, *keys = levels
    number = endpoint.removeprefix("endpoint_")
    if not command_class or not number.isascii() or not number.isdigit() or len(number) > 3:
        return None
    told: dict[str, Any] = {
        "command_class": int(command_class) if command_class.isascii() and command_class.isdigit() else command_class,
        "endpoint": int(number), "property": name,
    }  # fmt: skip
    if keys:
        told["property_key"] = "/".join(keys)
    return "-".join((command_class, number, name, *keys)), told


def value_told(content: Any) -> tuple[dict[str, Any], str | None]:
    """What a value's payload says, in any of the three forms: the value with its time, all about it, or just it.

    Returns:
        The facts, and the value's id when the payload has it.
    """
    if isinstance(content, dict) and "commandClass" in content and "property" in content:
        return _described(content), value_id_of(content)
    if (
        isinstance(content, dict)
        and "value" in content
        and content.keys() <= {"value", "time", "nodeName", "nodeLocation"}
    ):
        told = {"value": content["value"]}
        if "time" in content:
            told["time"] = content["time"]
        return told, None
    return {"value": content}, None


_ABOUT = (
    "command_class", "command_class_name", "endpoint", "property", "property_name", "property_key", "label", "unit",
    "type", "readable", "writeable", "min", "max", "value", "last_update", "states",
)  # fmt: skip


def _described(sent: Mapping[str, Any]) -> dict[str, Any]:
    told = {snake(str(key)): value for key, value in sent.items()}
    return {name: told[name] for name in _ABOUT if name in told}


def _text(value: Any) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def home_hex(told: Any) -> str:
    """The network's id as discovery writes it: `0xe7b2d1f5`; "" for anything else."""
    if isinstance(told, int) and 0 < told <= 0xFFFFFFFF:
        return f"0x{told:08x}"
    text = told.lower() if isinstance(told, str) else ""
    return text if re.fullmatch(r"0x[0-9a-f]{1,8}", text) else ""
