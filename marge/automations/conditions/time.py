"""`condition: time`: the home's time lies between two times of the day, or on a weekday."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep
from marge.util.dt import parse_iso

_FIRST = time(0, 0, 0)
_LAST = time(23, 59, 59, 999_999)


def _time_or_entity(value: Any) -> str:
    if isinstance(value, str) and "." in value:
        return fields.entities_in("input_datetime", "time", "sensor")(value)
    return fields.time_of_day(value)


_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Optional("before"): _time_or_entity,
            vol.Optional("after"): _time_or_entity,
            vol.Optional("weekday"): fields.weekdays,
        },
        fields.at_least_one_of("before", "after", "weekday"),
    )
)


def time_of_entity(environment: Environment, entity_id: str, side: str) -> time | None:
    """The time of day that an `input_datetime`, a `time` or a timestamp sensor holds; None when it holds none now.

    Raises:
        ConditionError: there is no such entity.
    """
    state = environment.state(entity_id)
    if state is None:
        raise ConditionError(f"In 'time' condition: unknown '{side}' entity {entity_id}")
    if state.domain == "input_datetime":
        last = {"hour": 23, "minute": 59, "second": 59}
        hour, minute, second = (int(state.attributes.get(part, most)) for part, most in last.items())
        return time(hour, minute, second)
    if state.domain == "time":
        try:
            return time.fromisoformat(state.state)
        except ValueError:
            return None
    moment = parse_iso(state.state) if state.attributes.get("device_class") == "timestamp" else None
    return None if moment is None else moment.astimezone(environment.home.config.time_zone).time()


def _limit(config: Config, side: str, default: time, environment: Environment) -> time | None:
    wanted = config.get(side)
    if wanted is None:
        return default
    if "." in wanted:
        return time_of_entity(environment, wanted, side)
    return time.fromisoformat(wanted)


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    now: datetime = environment.local_now()
    now_time = now.time()
    after = _limit(config, "after", _FIRST, environment)
    before = _limit(config, "before", _LAST, environment)
    if after is None or before is None:
        return False
    step.update_result(after=after, now_time=now_time, before=before)
    if after < before:
        within = after <= now_time < before
    else:  # past midnight
        within = now_time >= after or now_time < before
    if not within:
        return False
    weekday = config.get("weekday")
    if weekday is None:
        return True
    today = fields.WEEKDAYS[now.weekday()]
    step.update_result(weekday=weekday, now_weekday=today)
    return today in weekday


CONDITION = ConditionKind(_SCHEMA, _check)
