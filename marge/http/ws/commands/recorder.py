"""Commands about what is recorded: the recorder itself, and long-term statistics."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from typing import Any

import voluptuous as vol

from marge.automations.periods import positive_time_period, time_period
from marge.history import stats_change, stats_check, stats_query
from marge.history import stats_store as store
from marge.history.fill_watch import filling
from marge.history.reader import RECORDER, read
from marge.history.stats_query import PERIODS, TYPES
from marge.http.ws.commands.history import wanted_time
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import dumps, dumps_anyhow
from marge.recorder import Recorder, entity_filter
from marge.util.breathe import in_turns
from marge.util.dt import from_epoch
from marge.util.schema import LateSchema, shaped
from marge.util.units import VALID_UNITS, can_convert

MAX_IDS = 100_000


def _one_of(units: Collection[str | None]) -> Callable[[Any], Any]:
    @shaped({"enum": sorted(units, key=str)})
    def check(value: Any) -> Any:
        if not (value is None or isinstance(value, str)) or value not in units:
            raise vol.Invalid(f"value must be one of {sorted(units, key=str)}")
        return value

    return check


_UNITS = LateSchema({vol.Optional(name): _one_of(units) for name, units in VALID_UNITS.items()})
_CALENDAR = {
    vol.Required("period"): vol.Any("hour", "day", "week", "month", "year"),
    vol.Optional("offset"): int,
}


def _recorder(session: Session) -> Recorder | None:
    actor = session.home.system.actor(RECORDER)
    return actor if isinstance(actor, Recorder) else None


@command("recorder/info")
def info(session: Session, message: dict[str, Any]) -> None:
    """How the recorder is."""
    actor = _recorder(session)
    figures: dict[str, Any] = {} if actor is None else actor.describe()
    config = session.home.config
    # Changes of tables are over before anybody can ask; what goes on is their filling, beside everything else.
    is_filling = filling(session.home) is not None
    session.result(
        message["id"],
        {
            "backlog": figures.get("buffered", 0),
            "db_in_default_location": config.marge.db_path.parent == config.config_dir,
            "max_backlog": figures.get("buffer_limit", 0),
            "migration_in_progress": is_filling,
            "migration_is_live": is_filling,
            "recording": bool(figures.get("recording", False)),
            "thread_running": actor is not None,
        },
    )


@command("recorder/list_statistic_ids", {vol.Optional("statistic_type"): vol.Any("sum", "mean")}, waits=True)
def list_statistic_ids(session: Session, message: dict[str, Any]) -> None:
    """All statistics, and the sensors that will have some."""
    _send_list(session, message, stats_check.all_statistics(session.home, message.get("statistic_type")))


def _send_list(session: Session, message: dict[str, Any], items: Iterable[Any]) -> None:
    """A long list as the reply, its JSON made in turns."""
    session.result_list(message["id"], [dumps_anyhow(each) for each in in_turns(items)])


@command("recorder/get_statistics_metadata", {vol.Optional("statistic_ids"): [str]}, waits=True)
def get_statistics_metadata(session: Session, message: dict[str, Any]) -> None:
    """What the named statistics (or all) are of; unknown ones are left out."""
    found = read(session.home, lambda db: store.metas(db, message.get("statistic_ids")))
    _send_list(session, message, (stats_query.describe(session.home, meta) for meta in found.values()))


@command(
    "recorder/statistics_during_period",
    {
        vol.Required("start_time"): str,
        vol.Optional("end_time"): str,
        vol.Required("statistic_ids"): vol.All([str], vol.Length(min=1, max=MAX_IDS)),
        vol.Required("period"): vol.Any(*PERIODS),
        vol.Optional("units"): _UNITS,
        vol.Optional("types"): vol.All([vol.Any(*TYPES)], vol.Coerce(set)),
    },
    waits=True,
)
def statistics_during_period(session: Session, message: dict[str, Any]) -> None:
    """Rows by statistic id, as long as `period` each."""
    start = wanted_time(session, message, "start_time")
    end = wanted_time(session, message, "end_time")
    assert start is not None
    wish = stats_query.Wish(
        start,
        stats_query.FOREVER if end is None else end,
        message["period"],
        frozenset(message.get("types", TYPES)),
        message.get("units", {}),
    )
    found = stats_query.during_period(session.home, message["statistic_ids"], wish)
    parts = [
        dumps(name) + b":[" + b",".join([dumps(row) for row in in_turns(rows)]) + b"]" for name, rows in found.items()
    ]
    session.result_json(message["id"], b"{" + b",".join(parts) + b"}")


def _fixed(value: Any) -> Any:
    return LateSchema({vol.Optional("start_time"): str, vol.Optional("end_time"): str})(value)


@command(
    "recorder/statistic_during_period",
    {
        vol.Required("statistic_id"): str,
        vol.Optional("types"): vol.All([vol.Any("max", "mean", "min", "change")], vol.Coerce(set)),
        vol.Optional("units"): _UNITS,
        vol.Exclusive("calendar", "period"): _CALENDAR,
        vol.Exclusive("fixed_period", "period"): _fixed,
        vol.Exclusive("rolling_window", "period"): {
            vol.Required("duration"): positive_time_period,
            vol.Optional("offset"): time_period,
        },
    },
    waits=True,
)
def statistic_during_period(session: Session, message: dict[str, Any]) -> None:
    """Highest, mean, lowest and change of one whole time."""
    start, end = _whole_time(session, message)
    types = message.get("types", {"max", "mean", "min", "change"})
    session.result(
        message["id"],
        stats_query.of_period(session.home, message["statistic_id"], start, end, types, message.get("units", {})),
    )


def _whole_time(session: Session, message: dict[str, Any]) -> tuple[float | None, float | None]:
    now, zone = session.home.clock.now(), session.home.config.time_zone
    if "calendar" in message:
        calendar = message["calendar"]
        return _calendar(now, calendar["period"], calendar.get("offset", 0), zone)
    if "rolling_window" in message:
        window = message["rolling_window"]
        end = now + window.get("offset", timedelta()).total_seconds()
        return max(0.0, end - window["duration"].total_seconds()), end
    fixed = message.get("fixed_period", {})
    return wanted_time(session, fixed, "start_time"), wanted_time(session, fixed, "end_time")


def _calendar(now: float, period: str, offset: int, zone: Any) -> tuple[float, float]:
    """The period of the calendar that holds `now`, or one so many periods later (earlier: negative)."""
    if abs(offset) > 10_000:
        raise CommandError("invalid_format", "offset lies outside of the calendar")
    local = from_epoch(stats_query.period_start(now, period, zone)).astimezone(zone).replace(tzinfo=None)
    try:
        if period in ("month", "year"):
            months = local.year * 12 + local.month - 1 + offset * (1 if period == "month" else 12)
            local = local.replace(year=months // 12, month=months % 12 + 1)
        else:
            local += timedelta(**{f"{period}s": offset})
        start = local.replace(tzinfo=zone).timestamp()
        return start, stats_query.period_end(start, period, zone)
    except (OverflowError, ValueError) as exc:
        raise CommandError("invalid_format", "offset lies outside of the calendar") from exc


@command(
    "recorder/import_statistics",
    {
        vol.Required("metadata"): {
            vol.Required("has_mean"): bool,
            vol.Required("has_sum"): bool,
            vol.Required("name"): vol.Any(str, None),
            vol.Required("source"): str,
            vol.Required("statistic_id"): str,
            vol.Required("unit_of_measurement"): vol.Any(str, None),
        },
        vol.Required("stats"): [
            {
                vol.Required("start"): stats_change.moment,
                vol.Optional("mean"): vol.Any(None, stats_change.number),
                vol.Optional("min"): vol.Any(None, stats_change.number),
                vol.Optional("max"): vol.Any(None, stats_change.number),
                vol.Optional("last_reset"): vol.Any(None, stats_change.moment),
                vol.Optional("state"): vol.Any(None, stats_change.number),
                vol.Optional("sum"): vol.Any(None, stats_change.number),
            }
        ],
    },
    admin=True,
    waits=True,
)
def import_statistics(session: Session, message: dict[str, Any]) -> None:
    """Take in hourly rows."""
    stats_change.import_rows(session.home, message["metadata"], message["stats"])
    session.result(message["id"])


@command(
    "recorder/adjust_sum_statistics",
    {
        vol.Required("statistic_id"): str,
        vol.Required("start_time"): str,
        vol.Required("adjustment"): stats_change.number,
        vol.Required("adjustment_unit_of_measurement"): vol.Any(str, None),
    },
    admin=True,
    waits=True,
)
def adjust_sum_statistics(session: Session, message: dict[str, Any]) -> None:
    """Add to all sums from a time on."""
    start = wanted_time(session, message, "start_time")
    assert start is not None
    meta = stats_change.meta_of(session.home, message["statistic_id"])
    if meta is None:
        raise CommandError("unknown_statistic_id", "Unknown statistic ID")
    unit = message["adjustment_unit_of_measurement"]
    if not can_convert(unit, meta.unit):
        raise CommandError("invalid_units", f"Can't convert {meta.unit} to {unit}")
    stats_change.adjust(session.home, meta, start, float(message["adjustment"]), unit)
    session.result(message["id"])


@command(
    "recorder/update_statistics_metadata",
    {vol.Required("statistic_id"): str, vol.Required("unit_of_measurement"): vol.Any(str, None)},
    admin=True,
    waits=True,
)
def update_statistics_metadata(session: Session, message: dict[str, Any]) -> None:
    """Say that the values were in this unit all along."""
    stats_change.set_unit(session.home, message["statistic_id"], message["unit_of_measurement"])
    session.result(message["id"])


@command(
    "recorder/change_statistics_unit",
    {
        vol.Required("statistic_id"): str,
        vol.Required("new_unit_of_measurement"): vol.Any(str, None),
        vol.Required("old_unit_of_measurement"): vol.Any(str, None),
    },
    admin=True,
    waits=True,
)
def change_statistics_unit(session: Session, message: dict[str, Any]) -> None:
    """Turn all values into another unit."""
    stats_change.change_unit(
        session.home, message["statistic_id"], message["old_unit_of_measurement"], message["new_unit_of_measurement"]
    )
    session.result(message["id"])


@command("recorder/clear_statistics", {vol.Required("statistic_ids"): [str]}, admin=True, waits=True)
def clear_statistics(session: Session, message: dict[str, Any]) -> None:
    """Remove statistics with all their rows; unknown ones are ignored."""
    stats_change.clear(session.home, message["statistic_ids"])
    session.result(message["id"])


@command("recorder/validate_statistics", waits=True)
def validate_statistics(session: Session, message: dict[str, Any]) -> None:
    """What a person should look at, by statistic id."""
    keeps = entity_filter(session.home.config.sections.get("recorder"))
    session.result(message["id"], stats_check.problems(session.home, keeps))


@command("recorder/update_statistics_issues", waits=True)
def update_statistics_issues(session: Session, message: dict[str, Any]) -> None:
    """Nothing to do: problems are found when they are asked for (`validate_statistics`), none are kept."""
    session.result(message["id"])
