"""What is there and what is wrong with it: the list of statistics, and the problems a person should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.history import stats_store as store
from marge.history.reader import read
from marge.history.stats_actor import sensors_of
from marge.history.stats_compile import MEAN_TYPES
from marge.history.stats_query import describe
from marge.history.stats_store import NO_MEAN, OURS, Meta
from marge.util.breathe import in_turns
from marge.util.units import VALID_UNITS, can_convert, unit_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from marge.home import Home


def all_statistics(home: Home, kind: str | None = None) -> list[dict[str, Any]]:
    """What has rows, then the sensors that will have some soon. `kind`: `mean` or `sum` only."""
    known = read(home, store.metas)
    metas = list(known.values())
    for sensor in in_turns(sensors_of(home)):
        if sensor.entity_id in known:
            continue
        state = home.states.get(sensor.entity_id)
        unit = None if state is None else state.attributes.get("unit_of_measurement")
        mean_type = MEAN_TYPES[sensor.state_class]
        unit = unit if isinstance(unit, str) else None
        metas.append(Meta(0, sensor.entity_id, OURS, unit, mean_type, mean_type == NO_MEAN, None))
    if kind == "mean":
        metas = [meta for meta in metas if meta.mean_type != NO_MEAN]
    elif kind == "sum":
        metas = [meta for meta in metas if meta.has_sum]
    return [describe(home, meta) for meta in in_turns(metas)]


def problems(home: Home, keeps: Callable[[str], bool] | None) -> dict[str, list[dict[str, Any]]]:
    """Problems by statistic id, each with its kind and the facts, as HA's clients know them.

    Args:
        keeps: whether an entity is recorded; None: all are.
    """
    known = read(home, store.metas)
    found: dict[str, list[dict[str, Any]]] = {}

    def add(kind: str, statistic_id: str, **data: Any) -> None:
        found.setdefault(statistic_id, []).append({"type": kind, "data": {"statistic_id": statistic_id, **data}})

    for statistic_id, meta in in_turns(known.items()):
        if meta.source != OURS:
            continue
        state = home.states.get(statistic_id)
        if state is None:
            add("no_state", statistic_id)
            continue
        if keeps is not None and not keeps(statistic_id):
            add("entity_no_longer_recorded", statistic_id)
        state_class = state.attributes.get("state_class")
        if not isinstance(state_class, str) or state_class not in MEAN_TYPES:
            if state.state not in ("unavailable", "unknown"):
                add("state_class_removed", statistic_id)
            continue
        if meta.mean_type != MEAN_TYPES[state_class] and meta.mean_type != NO_MEAN:
            add(
                "mean_type_changed", statistic_id,
                metadata_mean_type=meta.mean_type, state_mean_type=MEAN_TYPES[state_class],
            )
        unit = state.attributes.get("unit_of_measurement")
        if not can_convert(unit if isinstance(unit, str) else None, meta.unit):
            add(
                "units_changed", statistic_id,
                metadata_unit=meta.unit, state_unit=unit, supported_unit=_supported(meta.unit),
            )
    if keeps is not None:
        for sensor in in_turns(sensors_of(home)):
            if sensor.entity_id not in known and not keeps(sensor.entity_id):
                add("entity_not_recorded", sensor.entity_id)
    return found


def _supported(unit: str | None) -> str | None:
    name = unit_class(unit)
    if name is None:
        return unit
    return ", ".join(sorted(each or "None" for each in VALID_UNITS[name]))
