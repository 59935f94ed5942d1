"""`condition: sun`: before or after today's sunrise or sunset."""

from __future__ import annotations

from datetime import timedelta

import voluptuous as vol

from marge.automations import fields
from marge.automations.environment import Environment
from marge.automations.kinds import ConditionKind, Config
from marge.automations.sun_times import sun_times_of_day
from marge.automations.tracing import TraceStep
from marge.util.dt import iso

_EVENT = vol.All(vol.Lower, vol.In(["sunrise", "sunset"]))

_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Optional("before"): _EVENT,
            vol.Optional("after"): _EVENT,
            vol.Optional("before_offset", default=timedelta(0)): fields.signed_period,
            vol.Optional("after_offset", default=timedelta(0)): fields.signed_period,
        },
        fields.at_least_one_of("before", "after"),
    )
)


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    now = environment.now()
    events = sun_times_of_day(environment.home, environment.local_now().date())
    before, after = config.get("before"), config.get("after")
    limits: dict[str, float] = {}
    for side, event in (("before", before), ("after", after)):
        if event is None:
            continue
        moment = events[event]
        if moment is None:  # polar day or night
            step.update_result(message=f"no {event} today")
            return False
        limits[side] = moment + config[f"{side}_offset"].total_seconds()
        step.update_result(**{f"wanted_time_{side}": iso(limits[side])})
    if before == "sunrise" and after == "sunset":  # the night, around midnight
        return now < limits["before"] or now > limits["after"]
    if "before" in limits and now > limits["before"]:
        return False
    return not ("after" in limits and now < limits["after"])


CONDITION = ConditionKind(_SCHEMA, _check)
