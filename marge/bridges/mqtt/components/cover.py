"""MQTT covers: opened and closed, positioned, tilted."""

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
    optional_keys,
    publish_topic,
    string,
    subscribe_topic,
    template,
)
from marge.domains import cover as domain
from marge.domains.cover import CoverEntity
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

DEVICE_CLASSES = (
    "awning", "blind", "curtain", "damper", "door", "garage", "gate", "shade", "shutter", "window",
)  # fmt: skip
_STATES = ("open", "closed", "opening", "closing", "stopped")
_TOGETHER = (
    ("value_template", "state_topic"),
    ("position_template", "position_topic"),
    ("set_position_template", "set_position_topic"),
    ("tilt_command_template", "tilt_command_topic"),
    ("tilt_status_template", "tilt_status_topic"),
    ("set_position_topic", "position_topic"),
)


def _check_whole(config: dict[str, Any]) -> dict[str, Any]:
    for key, needed in _TOGETHER:
        if key in config and needed not in config:
            raise vol.Invalid(f"'{key}' must be set together with '{needed}'.")
    if config["position_open"] == config["position_closed"] or config["tilt_min"] >= config["tilt_max"]:
        raise vol.Invalid("the positions of open and closed must differ")
    return config


_optional_payload = vol.Any(None, string)
SCHEMA = entity_schema(
    {
        **optional_keys(publish_topic, "command_topic", "set_position_topic", "tilt_command_topic"),
        **optional_keys(subscribe_topic, "state_topic", "position_topic", "tilt_status_topic"),
        **optional_keys(
            template, "value_template", "position_template", "set_position_template", "tilt_command_template",
            "tilt_status_template",
        ),
        vol.Optional("payload_open", default="OPEN"): _optional_payload,
        vol.Optional("payload_close", default="CLOSE"): _optional_payload,
        vol.Optional("payload_stop", default="STOP"): _optional_payload,
        vol.Optional("payload_stop_tilt", default="STOP"): string,
        **{vol.Optional(f"state_{state}", default=state): string for state in _STATES},
        vol.Optional("position_open", default=100): vol.Coerce(int),
        vol.Optional("position_closed", default=0): vol.Coerce(int),
        vol.Optional("tilt_min", default=0): vol.Coerce(int),
        vol.Optional("tilt_max", default=100): vol.Coerce(int),
        vol.Optional("tilt_opened_value", default=100): vol.Coerce(int),
        vol.Optional("tilt_closed_value", default=0): vol.Coerce(int),
        vol.Optional("optimistic", default=False): boolean,
        vol.Optional("tilt_optimistic"): boolean,
        vol.Optional("retain", default=False): boolean,
        vol.Optional("device_class"): vol.Any(None, one_of(*DEVICE_CLASSES)),
    },
    _check_whole,
)  # fmt: skip


def _features(config: ReadMapping[str, Any]) -> int:
    features = 0
    if "command_topic" in config:
        for key, bit in (
            ("payload_open", domain.OPEN), ("payload_close", domain.CLOSE), ("payload_stop", domain.STOP),
        ):  # fmt: skip
            if config[key] is not None:
                features |= bit
    if "set_position_topic" in config:
        features |= domain.SET_POSITION
    if "tilt_command_topic" in config:
        features |= domain.OPEN_TILT | domain.CLOSE_TILT | domain.STOP_TILT | domain.SET_TILT_POSITION
    return features


class MqttCover(MqttEntity, CoverEntity):
    """Publishes to `command_topic`, `set_position_topic` and `tilt_command_topic`."""

    reads = ("state_topic", "position_topic", "tilt_status_topic")

    @classmethod
    def fields(cls, config: ReadMapping[str, Any], home: Home) -> dict[str, Any]:
        return {**super().fields(config, home), "supported_features": _features(config)}

    def restore(self, state: State) -> None:
        if state.state in ("open", "closed"):
            self.is_closed = state.state == "closed"

    def assume_initial(self) -> None:
        if self.outlet.is_native:
            self.is_closed = True

    def open_cover(self) -> None:
        self._send("payload_open", 100)

    def close_cover(self) -> None:
        self._send("payload_close", 0)

    def stop_cover(self) -> None:
        self.command("command_topic", self.config["payload_stop"], None)

    def _send(self, payload: str, position: int) -> None:
        self.command("command_topic", self.config[payload], None)
        if self.assumes:
            self._assume(position)

    def set_cover_position(self, position: int) -> None:
        config = self.config
        low, high = config["position_closed"], config["position_open"]
        value = round(low + (high - low) * position / 100)
        self.command(
            "set_position_topic", value, "set_position_template", position=position, position_open=high,
            position_closed=low, tilt_min=config["tilt_min"], tilt_max=config["tilt_max"],
        )  # fmt: skip
        if self.assumes:
            self._assume(position)

    def open_cover_tilt(self) -> None:
        self._tilt(self.config["tilt_opened_value"])

    def close_cover_tilt(self) -> None:
        self._tilt(self.config["tilt_closed_value"])

    def stop_cover_tilt(self) -> None:
        self.command("tilt_command_topic", self.config["payload_stop_tilt"], None)

    def set_cover_tilt_position(self, tilt_position: int) -> None:
        low, high = self.config["tilt_min"], self.config["tilt_max"]
        self._tilt(round(low + (high - low) * tilt_position / 100), tilt_position)

    def _tilt(self, value: int, said: int | None = None) -> None:
        low, high = self.config["tilt_min"], self.config["tilt_max"]
        position = round((value - low) / (high - low) * 100)
        known = {"tilt_position": value if said is None else said, "tilt_min": low, "tilt_max": high}
        self.command("tilt_command_topic", value, "tilt_command_template", **known)
        if self.outlet.is_native or self.config.get("tilt_optimistic") or "tilt_status_topic" not in self.config:
            self.current_tilt_position = position


class CoverMapping(Mapping):
    """Reads state, position and tilt. Remembers the last two for what `stopped` means."""

    _state: str | None = None
    _position: int | None = None

    def topics(self) -> Iterable[tuple[str, Handler]]:
        for key, handler in (
            ("state_topic", self.on_state),
            ("position_topic", self.on_position),
            ("tilt_status_topic", self.on_tilt),
        ):
            if key in self.config:
                yield self.config[key], handler

    def on_state(self, message: Incoming) -> None:
        payload = self.render(self.config.get("value_template"), message)
        if not payload:
            return
        if payload == PAYLOAD_NONE:
            self._report_state(None)
            return
        for state in _STATES:
            if payload == self.config[f"state_{state}"]:
                break
        else:
            raise ValueError(f"{payload[:50]!r} is no state of a cover")
        if state == "stopped":
            if "position_topic" in self.config:
                state = "closed" if self._position == 0 else "open"
            else:
                state = "closed" if self._state in ("closed", "closing") else "open"
        self._report_state(state)

    def _report_state(self, state: str | None) -> None:
        self._state = state
        closed = None if state is None else state == "closed"
        self.report(is_closed=closed, is_opening=state == "opening", is_closing=state == "closing")

    def on_position(self, message: Incoming) -> None:
        payload = self.render(self.config.get("position_template"), message)
        if not payload:
            return
        values: dict[str, Any] = {}
        if payload.startswith("{"):
            parsed = orjson.loads(payload)
            payload = str(parsed["position"])
            if "tilt_position" in parsed:
                values["current_tilt_position"] = self._tilt_percent(float(parsed["tilt_position"]))
        low, high = self.config["position_closed"], self.config["position_open"]
        self._position = values["current_position"] = _percent(float(payload), low, high)
        if "state_topic" not in self.config:
            values.update(is_closed=self._position == 0, is_opening=False, is_closing=False)
        self.report(**values)

    def on_tilt(self, message: Incoming) -> None:
        payload = self.render(self.config.get("tilt_status_template"), message)
        if not payload:
            return
        value, (low, high) = float(payload), sorted((self.config["tilt_min"], self.config["tilt_max"]))
        if not low <= value <= high:
            raise ValueError(f"the tilt {payload[:50]!r} is out of range; {low} to {high} are known")
        self.report(current_tilt_position=self._tilt_percent(value))

    def _tilt_percent(self, value: float) -> int:
        return _percent(value, self.config["tilt_min"], self.config["tilt_max"])


def _percent(value: float, low: int, high: int) -> int:
    """Where `value` is between `low` (0 %) and `high` (100 %)."""
    if not math.isfinite(value):
        raise ValueError("the position is no finite number")
    return min(max(math.floor((value - low) / (high - low) * 100), 0), 100)


COMPONENT = Component("cover", SCHEMA, MqttCover, CoverMapping, "MQTT Cover")
