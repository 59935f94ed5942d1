"""Where a home's energy went in a time: per area and device, for the whole home, and what it cost. Marge's own.

Devices and meters are those of the energy dashboard's preferences. What a device counts that another one counts too
(`included_in_stat`) is the inner one's, so that nothing is there twice. Money follows the hours: what the grid cost in
an hour is shared among all that was consumed in it, also what no device tells of. Waits for the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.errors import InvalidRequest
from marge.history import stats_query
from marge.history import stats_store as store
from marge.history.energy import COST_SENSORS
from marge.history.reader import flush, read
from marge.history.stats_query import Wish
from marge.history.stats_store import HOUR_S
from marge.util.breathe import in_turns
from marge.util.dt import from_epoch
from marge.util.units import unit_class

if TYPE_CHECKING:
    from marge.home import Home

DAY_S = 86_400
MOST_DAYS = 400
_ROWS_AT_ONCE = 40_000
_UNITS = {"energy": "kWh", "volume": "m³"}


class Meter(NamedTuple):
    """One flow of the preferences.

    Attributes:
        kind: `grid_in`, `grid_out`, `solar`, `battery_in` (into it), `battery_out`, `gas` or `water`.
        cost: the statistic of what it costs, or brings in; None: there is none.
        price: of one kWh or m³; None: there is no fixed one.
    """

    statistic_id: str
    kind: str
    cost: str | None = None
    price: float | None = None


class Device(NamedTuple):
    """One device of the preferences. `part_of`: the device that counts it, too."""

    statistic_id: str
    name: str
    area_id: str | None
    part_of: str | None


@dataclass(slots=True)
class _Sum:
    """What was counted of one meter, device or the rest of the home. `cost` None: it is not known."""

    total: float = 0.0
    own: float = 0.0
    cost: float | None = None
    seen: bool = field(default=False)

    def add_cost(self, cost: float | None) -> None:
        if cost is not None:
            self.cost = (self.cost or 0.0) + cost


def meters(home: Home, preferences: Mapping[str, Any] | None) -> list[Meter]:
    """The flows of the preferences, each with what its cost is known by."""
    sensors: Mapping[str, str] = home.shared.get(COST_SENSORS, dict)()
    found: list[Meter] = []

    def add(flow: Mapping[str, Any], kind: str, statistic: str, cost: str) -> None:
        fixed = flow.get("number_energy_price")
        own = flow.get(cost) or (None if fixed is not None else sensors.get(flow[statistic]))
        found.append(Meter(flow[statistic], kind, own, None if own else fixed))

    for source in (preferences or {}).get("energy_sources", ()):
        kind = source["type"]
        if kind == "grid":
            for flow in source["flow_from"]:
                add(flow, "grid_in", "stat_energy_from", "stat_cost")
            for flow in source["flow_to"]:
                add(flow, "grid_out", "stat_energy_to", "stat_compensation")
        elif kind in ("gas", "water"):
            add(source, kind, "stat_energy_from", "stat_cost")
        elif kind == "battery":
            found += [Meter(source["stat_energy_from"], "battery_out"), Meter(source["stat_energy_to"], "battery_in")]
        else:
            found.append(Meter(source["stat_energy_from"], "solar"))
    return list(dict.fromkeys(found))


def devices(home: Home, preferences: Mapping[str, Any] | None) -> list[Device]:
    """The devices of the preferences, each once, with their areas; a ring of devices within each other is undone."""
    listed: dict[str, Mapping[str, Any]] = {}
    for each in (preferences or {}).get("device_consumption", ()):
        listed.setdefault(each["stat_consumption"], each)
    found = []
    for statistic_id, each in listed.items():
        outer = each.get("included_in_stat")
        within, at = {statistic_id}, outer
        while at in listed and at not in within:
            within.add(at)
            at = listed[at].get("included_in_stat")
        is_part = outer in listed and at != statistic_id
        entity_id = home.states.current_id(statistic_id)
        state = home.states.find(entity_id)
        shown = each.get("name") or (state.attributes.get("friendly_name") if state is not None else None)
        found.append(
            Device(
                statistic_id, str(shown or statistic_id), home.registries.area_of(entity_id), outer if is_part else None
            )
        )
    return found


def report(home: Home, preferences: Mapping[str, Any] | None, start: float, end: float) -> dict[str, Any]:
    """What `marge/energy/report` answers: from `start` to `end`, UTC epoch seconds, the end not included.

    Raises:
        InvalidRequest: the end is not after the start, or it is more than `MOST_DAYS` days.
        Unavailable: the database cannot be reached.
    """
    if not start < end <= start + MOST_DAYS * DAY_S:
        raise InvalidRequest(f"the end must be after the start, by {MOST_DAYS} days at most")
    flush(home)
    all_meters, all_devices = meters(home, preferences), devices(home, preferences)
    sums: dict[str, _Sum] = {each.statistic_id: _Sum() for each in all_devices}
    flows: dict[Meter, _Sum] = {each: _Sum() for each in all_meters}
    rest = _Sum()
    wanted = list(
        dict.fromkeys(
            [*sums, *(each.statistic_id for each in all_meters), *(each.cost for each in all_meters if each.cost)]
        )
    )
    units = {
        name: _UNITS.get(unit_class(meta.unit) or "", meta.unit)
        for name, meta in read(home, lambda db: store.metas(db, wanted)).items()
    }
    for changes in _slices(home, wanted, start, min(end, home.clock.now() + HOUR_S)):
        for moment in in_turns(sorted({at for rows in changes.values() for at in rows})):
            at = {name: rows[moment] for name, rows in changes.items() if moment in rows}
            _add_moment(at, flows, all_devices, sums, rest)
    return {
        "start": from_epoch(start).isoformat(),
        "end": from_epoch(end).isoformat(),
        "currency": home.config.currency,
        "home": _home(flows, rest, units),
        "areas": _areas(home, all_devices, sums),
        "devices": [_device(each, sums[each.statistic_id]) for each in all_devices],
        "meters": [
            {
                "statistic_id": meter.statistic_id, "type": meter.kind, "total": _rounded(found.total),
                "unit": units.get(meter.statistic_id), "cost": _rounded(found.cost),
            }
            for meter, found in flows.items()
        ],
    }  # fmt: skip


def _slices(home: Home, ids: Sequence[str], start: float, end: float) -> Iterator[dict[str, dict[int, float]]]:
    """Changes by statistic and moment, some days at a time: hours, and five minutes where an hour is not whole."""
    first, last = int(-(-start // HOUR_S) * HOUR_S), int(min(end, home.clock.now()) // HOUR_S * HOUR_S)
    length = max(DAY_S, _ROWS_AT_ONCE // (24 * max(1, len(ids))) * DAY_S)
    parts: list[tuple[float, float, str]] = [(start, min(first, end), "5minute")]
    parts += [(at, min(at + length, last), "hour") for at in range(first, last, length)]
    parts.append((max(last, first), end, "5minute"))
    for begin, stop, period in parts:
        if begin < stop and ids:
            found = stats_query.during_period(home, ids, Wish(begin, stop, period, {"change"}, _UNITS))
            yield {
                name: {row["start"] // 1_000: row["change"] for row in rows if row.get("change") is not None}
                for name, rows in found.items()
            }


def _add_moment(
    at: Mapping[str, float], flows: Mapping[Meter, _Sum], all_devices: Iterable[Device], sums: Mapping[str, _Sum],
    rest: _Sum,
) -> None:
    """Add what was counted in one hour (or five minutes)."""
    into: dict[str, float] = {}
    paid: float | None = None
    for meter, found in flows.items():
        amount = at.get(meter.statistic_id, 0.0)
        cost = at.get(meter.cost) if meter.cost is not None else None
        if meter.price is not None:
            cost = amount * meter.price
        found.total += amount
        found.seen |= meter.statistic_id in at
        found.add_cost(cost)
        into[meter.kind] = into.get(meter.kind, 0.0) + amount
        if meter.kind == "grid_in" and cost is not None:
            paid = (paid or 0.0) + cost
    own = {each.statistic_id: at.get(each.statistic_id, 0.0) for each in all_devices}
    outer = sum(at.get(each.statistic_id, 0.0) for each in all_devices if each.part_of is None)
    for each in all_devices:
        sums[each.statistic_id].total += at.get(each.statistic_id, 0.0)
        if each.part_of is not None:
            own[each.part_of] -= at.get(each.statistic_id, 0.0)
    consumed = (
        into.get("grid_in", 0.0) + into.get("solar", 0.0) + into.get("battery_out", 0.0)
        - into.get("grid_out", 0.0) - into.get("battery_in", 0.0)
    )  # fmt: skip
    untracked = max(0.0, consumed - outer)
    # Meters that do not agree must not make anybody pay less than nothing, or all of them more than was paid.
    shares = {name: max(0.0, amount) for name, amount in own.items()}
    whole = sum(shares.values()) + untracked
    for name, amount in own.items():
        sums[name].own += amount
        if paid is not None and whole:
            sums[name].add_cost(paid * shares[name] / whole)
    rest.total += consumed
    rest.own += consumed - outer
    if paid is not None:
        rest.add_cost(paid * untracked / whole if whole else paid)


def _home(flows: Mapping[Meter, _Sum], rest: _Sum, units: Mapping[str, str | None]) -> dict[str, Any]:
    def total(kind: str) -> float | None:
        of_kind = [found.total for meter, found in flows.items() if meter.kind == kind]
        return _rounded(sum(of_kind)) if of_kind else None

    def cost(kind: str) -> float | None:
        """Of all flows of a kind; None when that of one that counted something is not known."""
        of_kind = [found for meter, found in flows.items() if meter.kind == kind and (found.total or found.cost)]
        costs = [found.cost for found in of_kind if found.cost is not None]
        return _rounded(sum(costs)) if costs and len(costs) == len(of_kind) else None

    shown: dict[str, Any] = {
        "consumed": _rounded(rest.total) if any(meter.kind not in ("gas", "water") for meter in flows) else None,
        "untracked": _rounded(max(0.0, rest.own)) if flows else None,
        "untracked_cost": _rounded(rest.cost),
        **{kind: total(kind) for kind in ("grid_in", "grid_out", "solar", "battery_in", "battery_out")},
        "cost": cost("grid_in"),
        "compensation": cost("grid_out"),
    }
    for kind in ("gas", "water"):
        by_unit: dict[str, float] = {}
        for meter, found in flows.items():
            if meter.kind == kind:
                unit = str(units.get(meter.statistic_id) or "")
                by_unit[unit] = by_unit.get(unit, 0.0) + found.total
        amounts = [{"unit": unit, "total": _rounded(amount)} for unit, amount in by_unit.items()]
        shown[kind] = {"amounts": amounts, "cost": cost(kind)} if amounts else None
    return shown


def _areas(home: Home, all_devices: Iterable[Device], sums: Mapping[str, _Sum]) -> list[dict[str, Any]]:
    """What is each area's own, the largest first; the area None is what stands nowhere."""
    by_area: dict[str | None, list[Device]] = {}
    for each in all_devices:
        by_area.setdefault(each.area_id, []).append(each)
    shown = []
    for area_id, some in by_area.items():
        area = None if area_id is None else home.registries.areas.get(area_id)
        costs = [found for each in some if (found := sums[each.statistic_id].cost) is not None]
        shown.append(
            {
                "area_id": area_id,
                "name": None if area is None else area.name,
                "total": _rounded(max(0.0, sum(sums[each.statistic_id].own for each in some))),
                "cost": _rounded(sum(costs)) if costs else None,
                "devices": [each.statistic_id for each in some],
            }
        )
    return sorted(shown, key=lambda each: (each["area_id"] is None, -float(each["total"] or 0.0)))


def _device(device: Device, found: _Sum) -> dict[str, Any]:
    return {
        "statistic_id": device.statistic_id, "name": device.name, "area_id": device.area_id,
        "included_in_stat": device.part_of, "total": _rounded(found.total), "own": _rounded(max(0.0, found.own)),
        "cost": _rounded(found.cost),
    }  # fmt: skip


def _rounded(value: float | None) -> float | None:
    """Sums of floats, without the digits that nobody measured."""
    return None if value is None else round(value, 6)
