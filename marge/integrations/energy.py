"""What energy, gas and water cost: a sensor for each flow of the energy dashboard with a price and no cost of its own.

The sensor follows the meter and, if there is one, the entity with the price. Each piece that the meter counts is priced
when it is counted. Its id is the meter's with `_cost` or `_compensation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.domains.sensor import SensorEntity
from marge.errors import AlreadyExists, InvalidRequest
from marge.history.energy import COST_SENSORS, EnergyPreferences
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations.base import Integration
from marge.model import State, valid_entity_id
from marge.util.dt import iso
from marge.util.units import can_convert, convert, unit_class

if TYPE_CHECKING:
    from marge.home import Home

PLATFORM = "energy"
RESET_BELOW = 0.9
"""A meter that falls below this share of what it showed has begun anew; a smaller fall is a correction."""
_PRICED_BY = "kWh"


class Flow(NamedTuple):
    """What is priced. `price_of`: an entity; `price`: a number; one of them."""

    meter: str
    kind: str
    suffix: str
    price_of: str | None
    price: float | None


def flows(preferences: Mapping[str, Any] | None) -> Iterator[Flow]:
    """The flows that need a sensor for what they cost."""
    for source in (preferences or {}).get("energy_sources", ()):
        kind = source["type"]
        if kind == "grid":
            for flow in source["flow_from"]:
                yield from _flow(flow, "stat_energy_from", "stat_cost", kind, "cost")
            for flow in source["flow_to"]:
                yield from _flow(flow, "stat_energy_to", "stat_compensation", kind, "compensation")
        elif kind in ("gas", "water"):
            yield from _flow(source, "stat_energy_from", "stat_cost", kind, "cost")


def _flow(found: Mapping[str, Any], meter: str, own: str, kind: str, suffix: str) -> Iterator[Flow]:
    price_of, price = found.get("entity_energy_price"), found.get("number_energy_price")
    if found.get(own) is None and valid_entity_id(found[meter]) and (price_of is not None or price is not None):
        yield Flow(found[meter], kind, suffix, price_of, price)


class CostSensor(FollowingEntity, SensorEntity):
    """What the flow has cost since `last_reset`, in the home's currency."""

    device_class = "monetary"
    state_class = "total"
    suggested_display_precision = 2

    def __init__(self, home: Home, flow: Flow) -> None:
        source = home.states.find(flow.meter)
        named = flow.meter if source is None else str(source.attributes.get("friendly_name") or flow.meter)
        super().__init__(home, {"name": f"{named} {flow.suffix.capitalize()}"})
        self._flow = flow
        self.follow(*(each for each in (flow.meter, flow.price_of) if each is not None))
        self.unit_of_measurement = home.config.currency
        self._cost: float | None = None
        self._counted: tuple[float, str | None, Any] | None = None

    def begin(self) -> None:
        """What the meter counted while nobody looked is priced as soon as the price is known."""
        before, meter = self.home.restored.get(self.entity_id), self.home.restored.get(self.followed[0])
        self._cost = None if before is None else number_of(before)
        if before is not None and self._cost is not None:
            self.last_reset = before.attributes.get("last_reset")
            if meter is not None:
                self._counted = _reading(meter)

    def refresh(self) -> None:
        state = self.source()
        reading = None if state is None else _reading(state)
        price = None if reading is None else self._price(reading[1])
        if state is not None and reading is not None and price is not None:
            self._count(state, reading, price)
        self.native_value = None if self._cost is None else round(self._cost, 6)

    def _count(self, state: State, reading: tuple[float, str | None, Any], price: float) -> None:
        value, unit, reset = reading
        before, self._counted = self._counted, reading
        if self._cost is None or before is None:
            self._cost = self._cost or 0.0
            self.last_reset = self.last_reset or iso(state.last_updated)
            return
        counted, old_unit, old_reset = before
        if unit != old_unit:
            if not can_convert(old_unit, unit):
                return  # another meter altogether: from here on
            counted = convert(counted, old_unit, unit)
        began_anew = value < counted * RESET_BELOW
        if state.attributes.get("state_class") == "total":
            began_anew = reset is not None and reset != old_reset
        if began_anew:
            self._cost, counted, self.last_reset = 0.0, 0.0, iso(state.last_updated)
        self._cost += (value - counted) * price

    def _price(self, unit: str | None) -> float | None:
        """Of one `unit` of the meter; None while it is not known."""
        per: str | None = _PRICED_BY if unit_class(unit) == "energy" else unit
        price = self._flow.price
        if self._flow.price_of is not None:
            found = self.home.states.find(self.home.states.current_id(self._flow.price_of))
            price = None if found is None else number_of(found)
            unit_of_price = "" if found is None else str(found.attributes.get("unit_of_measurement") or "")
            _, slash, named = unit_of_price.partition("/")
            per = named if slash else per
        if price is None or not can_convert(unit, per):
            return None
        return price * convert(1.0, unit, per)


def _reading(state: State) -> tuple[float, str | None, Any] | None:
    value = number_of(state)
    attributes = state.attributes
    return None if value is None else (value, attributes.get("unit_of_measurement"), attributes.get("last_reset"))


class CostSensors:
    """The sensors of one home; they follow the preferences."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._sensors: dict[Flow, CostSensor] = {}

    def settle(self, preferences: Mapping[str, Any] | None) -> None:
        """Have a sensor for each flow that needs one, and no other."""
        wanted = dict.fromkeys(flows(preferences))
        for flow in [each for each in self._sensors if each not in wanted]:
            self._home.entities.remove_later(self._sensors.pop(flow).entity_id)
        for flow in wanted:
            if flow not in self._sensors:
                self._make(flow)

    def by_meter(self) -> dict[str, str]:
        """Meter to the sensor of what it costs."""
        return {flow.meter: sensor.entity_id for flow, sensor in self._sensors.items()}

    def _make(self, flow: Flow) -> None:
        home, sensor = self._home, CostSensor(self._home, flow)
        meter = home.registries.entities.get(home.states.current_id(flow.meter))
        sensor.unique_id = f"{flow.meter if meter is None else meter.id}_{flow.kind}_{flow.suffix}"
        try:
            entity_id = home.registries.entities.get_or_create(
                "sensor", PLATFORM, sensor.unique_id,
                suggested_object_id=f"{flow.meter.partition('.')[2]}_{flow.suffix}", original_name=sensor.name,
                original_device_class=sensor.device_class, hidden_by="integration",
                device_id=None if meter is None else meter.device_id,
            ).entity_id  # fmt: skip
            home.entities.add(sensor, entity_id, PLATFORM)
        except (AlreadyExists, InvalidRequest):
            return  # its id belongs to somebody else; the dashboard shows no cost
        self._sensors[flow] = sensor


def _start(home: Home) -> None:
    sensors = CostSensors(home)
    home.shared[COST_SENSORS] = sensors.by_meter
    preferences: EnergyPreferences = home.shared["energy"]
    sensors.settle(preferences.get())
    preferences.listen(sensors.settle)


INTEGRATION = Integration("energy", "Energy", start=_start, kind="hub")
