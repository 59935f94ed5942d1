"""Numbers that exist only in the home's mind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._helpers import NAME_AND_ICON, HelperEntity
from marge.domains._stored import NAMED, set_up
from marge.domains._units import finite
from marge.domains._validators import number, string
from marge.domains._virtual import Rule, number_text, virtual
from marge.entities import Domain
from marge.model import State

if TYPE_CHECKING:
    from marge.home import Home

_SMALLEST_STEP = 1e-9


def _range_holds(conf: dict[str, Any]) -> dict[str, Any]:
    if conf["min"] >= conf["max"]:
        raise vol.Invalid(f"Maximum ({conf['min']}) is not greater than minimum ({conf['max']})")
    initial = conf.get("initial")
    if initial is not None and not conf["min"] <= initial <= conf["max"]:
        raise vol.Invalid(f"Initial value {initial} not in range {conf['min']}-{conf['max']}")
    return conf


CONFIG_SCHEMA = vol.Schema(
    vol.All(
        {
            **NAME_AND_ICON,
            vol.Required("min"): number,
            vol.Required("max"): number,
            vol.Optional("initial"): number,
            vol.Optional("step", default=1): vol.All(number, vol.Range(min=_SMALLEST_STEP)),
            vol.Optional("unit_of_measurement"): string,
            vol.Optional("mode", default="slider"): vol.In(("box", "slider")),
        },
        _range_holds,
    )
)


ITEM_FIELDS = {
    **NAMED,
    vol.Required("min"): number,
    vol.Required("max"): number,
    vol.Optional("mode", default="slider"): vol.In(("box", "slider")),
    vol.Optional("step", default=1.0): vol.All(number, vol.Range(min=_SMALLEST_STEP)),
    vol.Optional("initial"): number,
    vol.Optional("unit_of_measurement"): string,
}


class InputNumberEntity(HelperEntity):
    domain = "input_number"
    value: float = 0.0

    def begin(self) -> None:
        initial, restored = self.conf.get("initial"), self.restored()
        number = finite(restored[0]) if restored is not None else None
        if initial is not None:
            self.value = initial
        elif number is not None and self.conf["min"] <= number <= self.conf["max"]:
            self.value = number
        else:
            self.value = self.conf["min"]

    def reconfigured(self) -> None:
        self.value = min(max(self.value, self.conf["min"]), self.conf["max"])

    def _take(self, conf: Mapping[str, Any]) -> None:
        super()._take(conf)
        self.unit_of_measurement = conf.get("unit_of_measurement")

    def set_value(self, value: float) -> None:
        lowest, highest = self.conf["min"], self.conf["max"]
        if not lowest <= value <= highest:
            raise vol.Invalid(f"Invalid value for {self.entity_id}: {value} (range {lowest} - {highest})")
        self.value = value

    def increment(self) -> None:
        self.value = min(self.value + self.conf["step"], self.conf["max"])

    def decrement(self) -> None:
        self.value = max(self.value - self.conf["step"], self.conf["min"])

    def state_value(self) -> str | None:
        return str(self.value)

    def state_attributes(self) -> dict[str, Any]:
        conf = self.conf
        return {
            "initial": conf.get("initial"),
            "editable": self.editable,
            "min": conf["min"],
            "max": conf["max"],
            "step": conf["step"],
            "mode": conf["mode"],
        }


def virtual_number(state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The number as it was written in the call, held within `min` and `max` where the entity says them."""
    value = data.get("value")
    number = finite(value)
    if state is not None and number is not None:
        lowest, highest = finite(state.attributes.get("min")), finite(state.attributes.get("max"))
        if lowest is not None and number < lowest:
            value = state.attributes["min"]
        elif highest is not None and number > highest:
            value = state.attributes["max"]
    if value is None:
        return ("unknown" if state is None else state.state), {}
    return number_text(value), {}


def _virtual_step(sign: int) -> Rule:
    def step(state: State | None, _data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        present = finite(state.state) if state is not None else None
        by = finite(state.attributes.get("step")) if state is not None else None
        moved = (present or 0.0) + sign * (1.0 if by is None else by)
        return virtual_number(state, {"value": int(moved) if moved.is_integer() else moved})

    return Rule(compute=step)


def _setup(home: Home, section: Any) -> None:
    set_up(home, "input_number", section, CONFIG_SCHEMA, InputNumberEntity, ITEM_FIELDS, _range_holds)


DOMAIN = Domain(
    "input_number",
    services={
        "set_value": service(
            "input_number", "set_value", "set_value", "Sets the number.", {vol.Required("value"): number}
        ),
        "increment": service("input_number", "increment", "increment", "Adds one step."),
        "decrement": service("input_number", "decrement", "decrement", "Takes one step away."),
    },
    entity=InputNumberEntity,
    virtual=virtual(
        {"set_value": Rule(compute=virtual_number), "increment": _virtual_step(1), "decrement": _virtual_step(-1)}
    ),
    setup=_setup,
    config_schema=CONFIG_SCHEMA,
)
