"""The energy dashboard's preferences: what they may be, where they are kept, and what is wrong with them.

Costs are not computed here: the integration `energy` follows the preferences and makes sensors of prices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.history import stats_query
from marge.history import stats_store as store
from marge.history.reader import read
from marge.history.stats_query import Wish
from marge.model import valid_entity_id
from marge.util.dt import from_epoch
from marge.util.units import unit_class

if TYPE_CHECKING:
    from marge.home import Home
    from marge.storage import KeyValue

_KEY = "energy"
MAX_ITEMS = 500
COST_SENSORS = "energy_cost_sensors"
"""In `home.shared`: `() -> {meter: cost sensor}`; not there without the integration `energy`."""
KINDS = ("grid", "solar", "battery", "gas", "water")

# -- what the preferences may be -------------------------------------------------------------------------------------

_TEXT_OR_NONE = vol.Any(str, None)
_PRICE: dict[Any, Any] = {
    vol.Optional("entity_energy_price"): _TEXT_OR_NONE,
    vol.Optional("number_energy_price"): vol.Any(vol.Coerce(float), None),
}


def _one_price(flow: dict[str, Any]) -> dict[str, Any]:
    if flow.get("entity_energy_price") is not None and flow.get("number_energy_price") is not None:
        raise vol.Invalid("Define either an entity or a fixed number for the price")
    return flow


def _once(name: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    def check(flows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({flow[name] for flow in flows}) < len(flows):
            raise vol.Invalid(f"Cannot specify {name} more than once")
        return flows

    return check


_FROM = vol.All(
    vol.Schema({vol.Required("stat_energy_from"): str, vol.Optional("stat_cost"): _TEXT_OR_NONE, **_PRICE}), _one_price
)
_TO = vol.All(
    vol.Schema({vol.Required("stat_energy_to"): str, vol.Optional("stat_compensation"): _TEXT_OR_NONE, **_PRICE}),
    _one_price,
)
_METERED = vol.All(
    vol.Schema(
        {
            vol.Required("type"): str,
            vol.Required("stat_energy_from"): str,
            vol.Optional("stat_cost"): _TEXT_OR_NONE,
            **_PRICE,
        }
    ),
    _one_price,
)
_SOURCES: Mapping[str, Callable[[Any], Any]] = {
    "grid": vol.Schema(
        {
            vol.Required("type"): str,
            vol.Required("flow_from"): vol.All([_FROM], _once("stat_energy_from")),
            vol.Required("flow_to"): vol.All([_TO], _once("stat_energy_to")),
            vol.Required("cost_adjustment_day"): vol.Coerce(float),
        }
    ),
    "solar": vol.Schema(
        {
            vol.Required("type"): str,
            vol.Required("stat_energy_from"): str,
            vol.Optional("config_entry_solar_forecast"): vol.Any([str], None),
        }
    ),
    "battery": vol.Schema(
        {vol.Required("type"): str, vol.Required("stat_energy_from"): str, vol.Required("stat_energy_to"): str}
    ),
    "gas": _METERED,
    "water": _METERED,
}


def _source(value: Any) -> Any:
    if not isinstance(value, dict):
        raise vol.Invalid("Expected a dictionary")
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in _SOURCES:
        raise vol.Invalid(f"Unexpected value for type: '{kind}'. Expected {', '.join(KINDS)}")
    return _SOURCES[kind](value)


def _at_most_one_grid(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if sum(source["type"] == "grid" for source in sources) > 1:
        raise vol.Invalid("You cannot have more than 1 grid source")
    return sources


SOURCES = vol.All([_source], vol.Length(max=MAX_ITEMS), _at_most_one_grid)
DEVICES = vol.All(
    [
        {
            vol.Required("stat_consumption"): str,
            vol.Optional("name"): str,
            vol.Optional("included_in_stat"): str,
        }
    ],
    vol.Length(max=MAX_ITEMS),
)


class EnergyPreferences:
    """What the dashboard shows; kept across restarts. `home.shared["energy"]`."""

    def __init__(self, storage: KeyValue) -> None:
        self._storage = storage
        stored = storage.load(_KEY)
        self._kept: dict[str, Any] | None = stored if isinstance(stored, dict) else None
        self._listeners: list[Callable[[dict[str, Any]], None]] = []

    def get(self) -> dict[str, Any] | None:
        """`energy_sources` and `device_consumption`; None: nothing was ever saved."""
        return self._kept

    def update(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Replace the given parts and keep the others; all of it. Waits for the store."""
        kept = {"energy_sources": [], "device_consumption": [], **(self._kept or {}), **changes}
        self._storage.save(_KEY, kept)
        self._kept = kept
        for listener in self._listeners:
            listener(kept)
        return kept

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> None:
        """Call `listener` with all of it after each change, in the changer's greenlet."""
        self._listeners.append(listener)


# -- what is wrong with them -----------------------------------------------------------------------------------------

# What HA's dashboard takes of 2025.4, in the order in which it names them.
_ENERGY_UNITS = ("GJ", "kWh", "MJ", "MWh", "Wh")
_GAS_VOLUME_UNITS = ("CCF", "ft³", "m³")
_WATER_UNITS = ("CCF", "ft³", "m³", "gal", "L")
_ENERGY = {"energy": _ENERGY_UNITS}
_GAS = {"energy": _ENERGY_UNITS, "gas": _GAS_VOLUME_UNITS}
_WATER = {"water": _WATER_UNITS}
_STATE_CLASSES = ("measurement", "total", "total_increasing")


class _Issues:
    """Issues of one source or device, those of a kind together."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, Any]] = {}

    def add(self, kind: str, affected: str, detail: Any = None, placeholders: dict[str, str] | None = None) -> None:
        issue = self._found.setdefault(
            kind, {"type": kind, "affected_entities": [], "translation_placeholders": placeholders}
        )
        if [affected, detail] not in issue["affected_entities"]:
            issue["affected_entities"].append([affected, detail])

    def all(self) -> list[dict[str, Any]]:
        return list(self._found.values())


def validate(home: Home, preferences: Mapping[str, Any] | None, keeps: Callable[[str], bool] | None) -> dict[str, Any]:
    """Issues by source and by device, in their order.

    Args:
        keeps: whether an entity is recorded; None: all are.
    """
    preferences = preferences or {}
    sources, devices = preferences.get("energy_sources", []), preferences.get("device_consumption", [])
    wanted = [*_statistics_of(sources), *(device["stat_consumption"] for device in devices)]
    check = _Check(home, read(home, lambda db: store.metas(db, wanted)), keeps)
    return {
        "energy_sources": [check.source(source) for source in sources],
        "device_consumption": [check.device(device) for device in devices],
    }


def _statistics_of(sources: Iterable[Mapping[str, Any]]) -> list[str]:
    names = ("stat_energy_from", "stat_energy_to", "stat_cost", "stat_compensation")
    parts = [
        part for source in sources for part in (source, *source.get("flow_from", ()), *source.get("flow_to", ()))
    ]  # fmt: skip
    return [part[name] for part in parts for name in names if part.get(name)]


class _Check:
    def __init__(
        self, home: Home, known: Mapping[str, store.Meta], keeps: Callable[[str], bool] | None
    ) -> None:
        self._home = home
        self._known = known
        self._keeps = keeps
        self._cost_sensors: Mapping[str, str] = home.shared.get(COST_SENSORS, dict)()

    def device(self, device: Mapping[str, Any]) -> list[dict[str, Any]]:
        issues = _Issues()
        self._usage(issues, device["stat_consumption"], _ENERGY, "entity_unexpected_unit_energy")
        return issues.all()

    def source(self, source: Mapping[str, Any]) -> list[dict[str, Any]]:
        issues = _Issues()
        kind = source["type"]
        if kind == "grid":
            for flow in source["flow_from"]:
                self._metered(issues, flow, "stat_energy_from", "stat_cost", _ENERGY, "energy")
            for flow in source["flow_to"]:
                self._metered(issues, flow, "stat_energy_to", "stat_compensation", _ENERGY, "energy")
        elif kind in ("gas", "water"):
            self._metered(
                issues, source, "stat_energy_from", "stat_cost", _GAS if kind == "gas" else _WATER, kind
            )
        else:
            self._usage(issues, source["stat_energy_from"], _ENERGY, "entity_unexpected_unit_energy")
            if kind == "battery":
                self._usage(issues, source["stat_energy_to"], _ENERGY, "entity_unexpected_unit_energy")
        return issues.all()

    def _metered(
        self, issues: _Issues, flow: Mapping[str, Any], statistic: str, cost: str,
        units: Mapping[str, tuple[str, ...]], kind: str,
    ) -> None:
        self._usage(issues, flow[statistic], units, f"entity_unexpected_unit_{kind}")
        if flow.get(cost):
            self._cost(issues, flow[cost])
            return
        price_of = flow.get("entity_energy_price")
        if price_of:
            self._price(issues, price_of, units, f"entity_unexpected_unit_{kind}_price")
        if price_of or flow.get("number_energy_price") is not None:
            sensor = self._cost_sensors.get(flow[statistic])
            if sensor is not None and self._keeps is not None and not self._keeps(sensor):
                issues.add("recorder_untracked", sensor)

    def _usage(
        self, issues: _Issues, statistic_id: str, units: Mapping[str, tuple[str, ...]], unit_issue: str
    ) -> None:
        attributes = self._recorded(issues, statistic_id)
        if attributes is None:
            return
        state = self._home.states.get(statistic_id)
        assert state is not None
        if state.state in ("unavailable", "unknown"):
            issues.add("entity_unavailable", statistic_id, state.state)
            return
        try:
            value = float(state.state)
        except ValueError:
            issues.add("entity_state_non_numeric", statistic_id, state.state)
            return
        if value < 0:
            issues.add("entity_negative_state", statistic_id, value)
        device_class = attributes.get("device_class")
        if not isinstance(device_class, str) or device_class not in units:
            issues.add("entity_unexpected_device_class", statistic_id, device_class)
        elif attributes.get("unit_of_measurement") not in units[device_class]:
            placeholders = {f"{each}_units": ", ".join(names) for each, names in units.items()}
            issues.add(unit_issue, statistic_id, attributes.get("unit_of_measurement"), placeholders)
        self._state_class(issues, statistic_id, attributes)

    def _recorded(self, issues: _Issues, statistic_id: str) -> Mapping[str, Any] | None:
        """The attributes of a statistic's entity; None when there is none, or nothing more to say."""
        if statistic_id not in self._known:
            issues.add("statistics_not_defined", statistic_id)
        if not valid_entity_id(statistic_id):
            return None
        if self._keeps is not None and not self._keeps(statistic_id):
            issues.add("recorder_untracked", statistic_id)
            return None
        state = self._home.states.get(statistic_id)
        if state is None:
            issues.add("entity_not_defined", statistic_id)
            return None
        return state.attributes

    def _state_class(self, issues: _Issues, entity_id: str, attributes: Mapping[str, Any]) -> None:
        state_class = attributes.get("state_class")
        if state_class not in _STATE_CLASSES:
            issues.add("entity_unexpected_state_class", entity_id, state_class)
        elif state_class == "measurement" and "last_reset" not in attributes:
            issues.add("entity_state_class_measurement_no_last_reset", entity_id)

    def _cost(self, issues: _Issues, statistic_id: str) -> None:
        attributes = self._recorded(issues, statistic_id)
        if attributes is not None:
            self._state_class(issues, statistic_id, attributes)

    def _price(
        self, issues: _Issues, entity_id: str, units: Mapping[str, tuple[str, ...]], unit_issue: str
    ) -> None:
        state = self._home.states.get(entity_id)
        if state is None:
            issues.add("entity_not_defined", entity_id)
            return
        try:
            float(state.state)
        except ValueError:
            issues.add("entity_state_non_numeric", entity_id, state.state)
            return
        per = tuple(f"/{unit}" for names in units.values() for unit in names)
        unit = state.attributes.get("unit_of_measurement")
        if not isinstance(unit, str) or not unit.endswith(per):
            shown = ", ".join(f"{self._home.config.currency}{each}" for each in per)
            issues.add(unit_issue, entity_id, unit, {"price_units": shown})


# -- how much of it was fossil ---------------------------------------------------------------------------------------


def fossil_consumption(
    home: Home, energy_ids: list[str], co2_id: str, start: float, end: float, period: str
) -> dict[str, float]:
    """kWh by the start of each period, as ISO text: of the change of all meters the share that `co2_id` says, in
    percent; all of it where that says nothing."""
    wish = Wish(start, end, "5minute" if period == "5minute" else "hour", {"mean", "change"}, {"energy": "kWh"})
    found = stats_query.during_period(home, [*energy_ids, co2_id], wish)
    share = {row["start"]: row["mean"] for row in found.get(co2_id, ()) if row.get("mean") is not None}
    known = read(home, lambda db: store.metas(db, energy_ids))
    answer: dict[str, float] = {}
    for energy_id in dict.fromkeys(energy_ids):
        if energy_id == co2_id or energy_id not in known or unit_class(known[energy_id].unit) != "energy":
            continue
        for row in found.get(energy_id, ()):
            if row.get("change") is None:
                continue
            begin = _begin(row["start"] // 1_000, period, home.config.time_zone)
            answer[begin] = answer.get(begin, 0.0) + row["change"] * share.get(row["start"], 100.0) / 100.0
    return dict(sorted(answer.items()))


def _begin(at: int, period: str, zone: tzinfo) -> str:
    start = at if period in ("5minute", "hour") else stats_query.period_start(at, period, zone)
    return from_epoch(start).isoformat()
