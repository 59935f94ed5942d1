"""All states, entries and devices, for a front end that shows a whole large home: a third of the usual bytes.

Of 50,000 entities `subscribe_entities` is one message of 10 MB, with which a browser is busy when it has come at last.
Here they come in portions; names of attributes, and what is the same for many, are told once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any

import voluptuous as vol

from marge.http.turns import in_slices
from marge.http.ws.commands.entities import compress, follow
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import State, dumps_anyhow
from marge.registries import EntityEntry

PORTION = 1_000
"""Entities a message: some 70 KB."""
MAX_FIRST = 500
MAX_SHAPES = 2_000
_STEADY = frozenset(
    {
        "attribution", "color_mode", "device_class", "icon", "max", "max_color_temp_kelvin", "max_mireds", "max_temp",
        "min", "min_color_temp_kelvin", "min_mireds", "min_temp", "mode", "state_class", "supported_features",
        "unit_of_measurement",
    }
)  # fmt: skip
"""Attributes that say what an entity is: the same in many, and seldom another."""
_PLAIN = frozenset((str, int))


class Shapes:
    """Which attributes entities have, by number: the names of those whose values follow, and the steady ones whole."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.fresh: list[tuple[list[str], dict[str, Any]]] = []
        """Those that the client was not told of yet."""

    def row(self, state: State) -> list[Any] | None:
        """`[number, values …]`; None: what it has fits none, and there are too many."""
        steady: list[Any] = []
        names: list[Any] = []
        values: list[Any] = []
        for name, value in state.attributes.items():
            if name in _STEADY and value.__class__ in _PLAIN:
                steady += (name, value)
            else:
                names.append(name)
                values.append(value)
        key = (*names, None, *steady)
        number = self._numbers.get(key)
        if number is None:
            if len(self._numbers) >= MAX_SHAPES or not all(name.__class__ is str for name in names):
                return None
            number = self._numbers[key] = len(self._numbers)
            self.fresh.append((names, dict(zip(steady[::2], steady[1::2], strict=True))))
        return [number, *values]

    def portion(self, rows: list[list[Any]], odd: dict[str, Any]) -> dict[str, Any]:
        """One message."""
        fresh, self.fresh = self.fresh, []
        made: dict[str, Any] = {"shapes": fresh, "rows": rows}
        if odd:
            made["a"] = odd
        return made


def portions(*lists: Iterable[State], now: float) -> Iterator[dict[str, Any]]:
    """Messages that hold all of these, each list beginning with a new one.

    `shapes`: the new ones since the last message. `rows`: `[entity id, state, ms since it changed, ms since it was
    updated or null when that is the same, context, shape, values …]`, the context as in `subscribe_entities`. `a`: what
    fits no shape, in the usual form.
    """
    shapes = Shapes()
    for states in lists:
        rows: list[list[Any]] = []
        odd: dict[str, Any] = {}
        for state in states:
            row = shapes.row(state)
            if row is None:
                odd[state.entity_id] = compress(state)
            else:
                rows.append(_row(state, now, row))
            if len(rows) + len(odd) >= PORTION:
                yield shapes.portion(rows, odd)
                rows, odd = [], {}
        if rows or odd:
            yield shapes.portion(rows, odd)


def _row(state: State, now: float, shaped: list[Any]) -> list[Any]:
    context, changed, updated = state.context, state.last_changed, state.last_updated
    return [
        state.entity_id, state.state, round((now - changed) * 1000),
        None if updated == changed else round((now - updated) * 1000),
        context.id if context.parent_id is None and context.user_id is None else context.as_dict(), *shaped,
    ]  # fmt: skip


@command(
    "marge/entities/subscribe",
    {vol.Optional("first", default=list): vol.All([str], vol.Length(max=MAX_FIRST))},
    waits=True,
)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """All states in portions, those of `first` before all; then `{"all": true}`, then changes as usual."""
    states, message_id, may_read = session.home.states, message["id"], session.user.may_read

    def begin() -> None:
        now = time.time()
        first = [state for each in dict.fromkeys(message["first"]) if (state := states.get(each))]
        lists = (first, in_slices(states.all())) if may_read else ()
        session.event(message_id, {"now": round(now * 1000)})
        for portion in portions(*lists, now=now):
            session.event(message_id, portion)
        session.event(message_id, {"all": True})

    follow(session, message_id, [None] if may_read else [], begin)


class Numbers:
    """Values that many rows share, told once; a row has their places in the list."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def __call__(self, value: Any) -> int | None:
        """Its place; None of what is not set."""
        return self._places.setdefault(value, len(self._places)) if value else None

    def values(self) -> list[Any]:
        return list(self._places)


@command("marge/entities/entries", waits=True)
def entries(session: Session, message: dict[str, Any]) -> None:
    """All enabled entries of the entity registry: `rows` of `[entity id, platform, device, area, name, more?]`."""
    platforms, devices, areas = Numbers(), Numbers(), Numbers()
    rows: list[list[Any]] = []
    for entry in in_slices(session.home.registries.entities.all()):
        if entry.disabled:
            continue
        row: list[Any] = [
            entry.entity_id, platforms(entry.platform), devices(entry.device_id), areas(entry.area_id),
            entry.name or entry.original_name,
        ]  # fmt: skip
        if more := _more_of_entry(entry):
            row.append(more)
        rows.append(row)
    tables = {"platforms": platforms.values(), "devices": devices.values(), "areas": areas.values()}
    _result(session, message["id"], tables, rows)


def _more_of_entry(entry: EntityEntry) -> dict[str, Any]:
    """What few entries have, as in `config/entity_registry/list_for_display`."""
    few = entry.labels or entry.icon or entry.translation_key or entry.entity_category or entry.hidden_by
    if not few and "sensor" not in entry.options:
        return {}
    short = entry.as_display_dict()
    return {key: short[key] for key in ("ic", "tk", "ec", "hb", "dp", "lb") if short.get(key) not in (None, ())}


_OF_DEVICE = (
    "area_id", "manufacturer", "model", "sw_version", "hw_version", "config_entries", "primary_config_entry", "labels"
)  # fmt: skip
_MORE_OF_DEVICE = (
    "configuration_url", "connections", "disabled_by", "entry_type", "identifiers", "model_id", "name_by_user",
    "serial_number", "via_device_id",
)  # fmt: skip


@command("marge/entities/devices", waits=True)
def devices(session: Session, message: dict[str, Any]) -> None:
    """All devices: `rows` of `[id, name, more, …]`, behind it the places of what `tables` names, in its order."""
    tables = {name: Numbers() for name in _OF_DEVICE}
    rows = []
    for device in in_slices(session.home.registries.devices.all()):
        more = {name: value for name in _MORE_OF_DEVICE if (value := getattr(device, name))}
        rows.append([device.id, device.name, more, *(number(getattr(device, name)) for name, number in tables.items())])
    _result(session, message["id"], {name: number.values() for name, number in tables.items()}, rows)


def _result(session: Session, message_id: int, tables: dict[str, list[Any]], rows: list[list[Any]]) -> None:
    parts = [dumps_anyhow(rows[at : at + PORTION])[1:-1] for at in in_slices(range(0, len(rows), PORTION), every=1)]
    session.result_json(message_id, b'{"tables":%s,"rows":[%s]}' % (dumps_anyhow(tables), b",".join(parts)))
