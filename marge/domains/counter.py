"""Counters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._units import finite
from marge.domains._validators import boolean, integer, positive_int
from marge.domains._virtual import Rule, virtual
from marge.entities import Domain
from marge.errors import InvalidValue
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

CONFIG_SCHEMA = {
    **NAME_AND_ICON,
    vol.Optional("initial", default=0): positive_int,
    vol.Optional("step", default=1): vol.All(integer, vol.Range(min=1)),
    vol.Optional("minimum", default=None): vol.Any(None, integer),
    vol.Optional("maximum", default=None): vol.Any(None, integer),
    vol.Optional("restore", default=True): boolean,
}


ITEM_FIELDS = {
    **NAMED,
    vol.Optional("minimum", default=None): vol.Any(None, integer),
    vol.Optional("restore", default=True): boolean,
    vol.Optional("maximum", default=None): vol.Any(None, integer),
    vol.Optional("step", default=1): vol.All(integer, vol.Range(min=1)),
    vol.Optional("initial", default=0): positive_int,
}


def _range_holds(conf: dict[str, Any]) -> dict[str, Any]:
    lowest, highest = conf["minimum"], conf["maximum"]
    if lowest is not None and highest is not None and lowest > highest:
        raise vol.Invalid(f"Maximum ({highest}) is less than minimum ({lowest})")
    return conf


class CounterEntity(HelperEntity):
    domain = "counter"
    count: int = 0

    def begin(self) -> None:
        self.count = self.conf["initial"]
        restored = self.restored()
        if self.conf["restore"] and restored is not None:
            number = finite(restored[0])
            if number is not None:
                self.count = int(number)
        self.count = self._within(self.count)

    def reconfigured(self) -> None:
        self.count = self._within(self.count)

    def _within(self, count: int) -> int:
        lowest, highest = self.conf["minimum"], self.conf["maximum"]
        if lowest is not None:
            count = max(lowest, count)
        return count if highest is None else min(highest, count)

    def increment(self) -> None:
        self.count = self._within(self.count + self.conf["step"])

    def decrement(self) -> None:
        self.count = self._within(self.count - self.conf["step"])

    def reset(self) -> None:
        self.count = self._within(self.conf["initial"])

    def set_value(self, value: int) -> None:
        lowest, highest, step = self.conf["minimum"], self.conf["maximum"], self.conf["step"]
        # HA's clients see `unknown_error` with this text.
        if lowest is not None and value < lowest:
            raise InvalidValue(f"Value {value} for {self.entity_id} exceeding the minimum value of {lowest}")
        if highest is not None and value > highest:
            raise InvalidValue(f"Value {value} for {self.entity_id} exceeding the maximum value of {highest}")
        if value % step:
            raise InvalidValue(f"Value {value} for {self.entity_id} is not a multiple of the step size {step}")
        self.count = value

    def state_value(self) -> str | None:
        return str(self.count)

    def state_attributes(self) -> dict[str, Any]:
        conf = self.conf
        shown: dict[str, Any] = {"editable": self.editable, "initial": conf["initial"], "step": conf["step"]}
        for key in ("minimum", "maximum"):
            if conf[key] is not None:
                shown[key] = conf[key]
        return shown


def _number(value: Any, otherwise: int) -> int:
    number = finite(value)
    return otherwise if number is None else int(number)


def _held(state: State | None, count: int) -> tuple[str, dict[str, Any]]:
    """Within the entity's `minimum` and `maximum`, where it says them."""
    if state is not None:
        lowest, highest = finite(state.attributes.get("minimum")), finite(state.attributes.get("maximum"))
        if lowest is not None:
            count = max(int(lowest), count)
        if highest is not None:
            count = min(int(highest), count)
    return str(count), {}


def _virtual_step(sign: int) -> Rule:
    def step(state: State | None, _data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        if state is None:
            return _held(None, sign)
        return _held(state, _number(state.state, 0) + sign * _number(state.attributes.get("step"), 1))

    return Rule(compute=step)


def _virtual_reset(state: State | None, _data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return _held(state, 0 if state is None else _number(state.attributes.get("initial"), 0))


def _virtual_set(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    return _held(state, _number(data.get("value"), 0 if state is None else _number(state.state, 0)))


def _setup(home: Home, section: Any) -> None:
    set_up(home, "counter", section, CONFIG_SCHEMA, CounterEntity, ITEM_FIELDS, _range_holds, has_reload=False)


DOMAIN = Domain(
    "counter",
    services={
        "increment": service("counter", "increment", "increment", "Counts one step up."),
        "decrement": service("counter", "decrement", "decrement", "Counts one step down."),
        "reset": service("counter", "reset", "reset", "Goes back to the initial value."),
        "set_value": service(
            "counter", "set_value", "set_value", "Sets the counter.", {vol.Required("value"): positive_int}
        ),
    },
    entity=CounterEntity,
    virtual=virtual(
        {
            "increment": _virtual_step(1),
            "decrement": _virtual_step(-1),
            "reset": Rule(compute=_virtual_reset),
            "set_value": Rule(compute=_virtual_set),
        }
    ),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)
