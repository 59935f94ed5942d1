"""Min/max: the smallest, largest, mean, … of several sensors. What is no number is left out."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._validators import entity_ids, string
from marge.domains.sensor import SensorEntity
from marge.integrations import forms
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

KINDS = ("min", "max", "mean", "median", "last", "range", "sum")
MIXED_UNITS = "ERR"


class MinMax(FollowingEntity, SensorEntity):
    """One number of several. Sources of different units have none."""

    icon = "mdi:calculator"

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(*conf["entity_ids"])
        self.state_class = "measurement"
        self._kind = str(conf["type"])
        self._digits = int(conf.get("round_digits", 2))
        self._latest: str | None = None

    def source_changed(self, event: Event) -> None:
        if number_of(event.data["new_state"]) is not None:
            self._latest = event.data["entity_id"]

    def refresh(self) -> None:
        states = [state for each in self.followed if (state := self.home.states.find(each)) is not None]
        numbers = {state.entity_id: value for state in states if (value := number_of(state)) is not None}
        units = {state.attributes.get("unit_of_measurement") for state in states if state.entity_id in numbers}
        self.extra_attributes = {}
        if len(units) > 1:
            self.unit_of_measurement, self.native_value = MIXED_UNITS, None
            return
        self.unit_of_measurement = next(iter(units), None)
        self.native_value = self._value(numbers) if numbers else None

    def _value(self, numbers: Mapping[str, float]) -> float:
        values = list(numbers.values())
        match self._kind:
            case "min" | "max":
                chosen = (min if self._kind == "min" else max)(numbers, key=lambda each: numbers[each])
                self.extra_attributes = {f"{self._kind}_entity_id": chosen}
                return numbers[chosen]
            case "last":
                chosen = self._latest if self._latest is not None and self._latest in numbers else list(numbers)[-1]
                self.extra_attributes = {"last_entity_id": chosen}
                return numbers[chosen]
            case "median":
                found = statistics.median(values)
            case "range":
                found = max(values) - min(values)
            case "sum":
                found = sum(values)
            case _:
                found = statistics.fmean(values)
        return round(found, self._digits)


def _fields(own: tuple[str, ...]) -> Sequence[Field]:
    sources = forms.entity(("sensor", "number", "input_number"), multiple=True, exclude=own)
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("entity_ids", sources, required=True),
        Field("type", forms.select(KINDS, translation_key="type"), required=True),
        Field("round_digits", forms.number(minimum=0.0, maximum=6.0, mode="box"), required=True, default=2),
    )


def _setup(home: Home, entry: ConfigEntry) -> None:
    add_entity(home, entry, MinMax(home, entry.options), entry.entry_id)


_SCHEMA = vol.Schema(
    {
        vol.Required("entity_ids"): vol.All(entity_ids, vol.Length(min=1)),
        vol.Optional("type", default="max"): vol.In(KINDS),
        vol.Optional("name"): string,
        vol.Optional("round_digits", default=2): vol.All(vol.Coerce(int), vol.Range(0, 6)),
        vol.Optional("unique_id"): string,
    }
)


def _of_files(home: Home, conf: Mapping[str, Any]) -> MinMax:
    return MinMax(home, {"name": f"{conf['type']} sensor".capitalize(), **conf})


YAML_PLATFORMS = (YamlPlatform("min_max", "sensor", _SCHEMA, _of_files),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields)})
INTEGRATION = Integration(
    "min_max", "Combine the state of several sensors", _setup, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="local_push",
)  # fmt: skip
