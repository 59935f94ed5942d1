"""MQTT valves: open and closed, or at a position."""

from __future__ import annotations

import math
from collections.abc import Iterable
from collections.abc import Mapping as ReadMapping
from typing import TYPE_CHECKING, Any

import orjson
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.entity import MqttEntity
from marge.bridges.mqtt.incoming import Incoming
from marge.bridges.mqtt.mapping import PAYLOAD_NONE, Handler, Mapping
from marge.bridges.mqtt.schema import (
    boolean,
    entity_schema,
    one_of,
    publish_topic,
    string,
    subscribe_topic,
    template,
)
from marge.domains import valve as domain
from marge.domains.valve import ValveEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

_NOT_WITH_POSITION = ("payload_open", "payload_close", "state_open", "state_closed")
_DEFAULTS = {"payload_open": "OPEN", "payload_close": "CLOSE", "state_open": "open", "state_closed": "closed"}


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    if config["reports_position"]:
        for key in _NOT_WITH_POSITION:
            if key in config:
                raise vol.Invalid(f"Options `{key}` can not be used when `reports_position` is set")
    if config["position_open"] == config["position_closed"]:
        raise vol.Invalid("the positions of open and closed must differ")
    return {**_DEFAULTS, **config}


_optional_payload = vol.Any(None, string)
SCHEMA = entity_schema(
    {
        vol.Optional("command_topic"): publish_topic,
        vol.Optional("command_template"): template,
        vol.Optional("state_topic"): subscribe_topic,
        vol.Optional("value_template"): template,
        vol.Optional("reports_position", default=False): boolean,
        vol.Optional("payload_open"): _optional_payload,
        vol.Optional("payload_close"): _optional_payload,
        vol.Optional("payload_stop"): _optional_payload,
        vol.Optional("position_open", default=100): vol.Coerce(int),
        vol.Optional("position_closed", default=0): vol.Coerce(int),
        vol.Optional("state_open"): string,
        vol.Optional("state_closed"): string,
        vol.Optional("state_opening", default="opening"): string,
        vol.Optional("state_closing", default="closing"): string,
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("device_class"): vol.Any(None, one_of("gas", "water")),
    },
    _check_whole,
)


def _features(config: ReadMapping[str, Any]) -> int:
    if "command_topic" not in config:
        return 0
    features = 0
    for key, bit in (("payload_open", domain.OPEN), ("payload_close", domain.CLOSE), ("payload_stop", domain.STOP)):
        if config.get(key) is not None:
            features |= bit
    return features | (domain.SET_POSITION if config["reports_position"] else 0)


class MqttValve(MqttEntity, ValveEntity):
    """Publishes words, or positions when the valve reports them."""

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {
            **super().fields(config, home),
            "reports_position": config["reports_position"],
            "supported_features": _features(config),
        }

    def restore(self, state: State) -> None:
        if state.state in ("open", "closed"):
            self.is_closed = state.state == "closed"
            self.current_position = state.attributes.get("current_position")

    def assume_initial(self) -> None:
        if self.outlet.is_native:
            self._assume(0)

    def open_valve(self) -> None:
        self._move("payload_open", 100)

    def close_valve(self) -> None:
        self._move("payload_close", 0)

    def stop_valve(self) -> None:
        self.command("command_topic", self.config["payload_stop"])

    def _move(self, payload: str, position: int) -> None:
        if self.reports_position:
            self.set_valve_position(position)
            return
        self.command("command_topic", self.config[payload])
        if self.assumes:
            self._assume(position)

    def set_valve_position(self, position: int) -> None:
        low, high = self.config["position_closed"], self.config["position_open"]
        value = round(low + (high - low) * position / 100)
        self.command("command_topic", value, position=position, position_open=high, position_closed=low)
        if self.assumes:
            self._assume(position)


class ValveMapping(Mapping):
    """Reads `state_topic`: a word, a position, or an object with `state` and `position`."""

    def topics(self) -> Iterable[tuple[str, Handler]]:
        if "state_topic" in self.config:
            yield self.config["state_topic"], self.on_state

    def on_state(self, message: Incoming) -> None:
        payload = self.render(self.config.get("value_template"), message)
        if not payload:
            return
        state: Any = payload
        position: Any = payload
        try:
            parsed = orjson.loads(payload)
        except orjson.JSONDecodeError:
            parsed = None
        if isinstance(parsed, dict):
            if not {"state", "position"} & parsed.keys():
                raise ValueError(f"neither state nor position in {payload[:50]!r}")
            state, position = parsed.get("state"), parsed.get("position")
            if position is None if self.config["reports_position"] else state is None:
                return
        if self.config["reports_position"]:
            self._read_position(state, position)
        else:
            self._read_word(state, payload)

    def _read_word(self, state: Any, payload: str) -> None:
        if state == PAYLOAD_NONE:
            self.report(is_closed=None, is_opening=False, is_closing=False)
            return
        for word in ("open", "closed", "opening", "closing"):
            if state == self.config[f"state_{word}"]:
                self.report(is_closed=word == "closed", is_opening=word == "opening", is_closing=word == "closing")
                return
        raise ValueError(f"{payload[:50]!r} is none of open, closed, opening, closing")

    def _read_position(self, state: Any, position: Any) -> None:
        values: dict[str, Any] = {}
        moving = next((word for word in ("opening", "closing") if state == self.config[f"state_{word}"]), None)
        if state == PAYLOAD_NONE:
            self.report(current_position=None)
            return
        if moving is None or (position is not None and position != state):
            value = float(position) if position is not None else math.nan
            if not math.isfinite(value):
                raise ValueError(f"{str(position)[:50]!r} is no position")
            low, high = self.config["position_closed"], self.config["position_open"]
            values["current_position"] = min(max(math.floor((value - low) / (high - low) * 100), 0), 100)
        self.report(**values, is_opening=moving == "opening", is_closing=moving == "closing")


COMPONENT = Component("valve", SCHEMA, MqttValve, ValveMapping, "MQTT valve")
