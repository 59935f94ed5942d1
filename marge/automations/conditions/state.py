"""`condition: state`: entities, or one of their attributes, have a value, maybe for some time."""

from __future__ import annotations

import re
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError, ConditionErrorIn
from marge.automations.kinds import ConditionKind, Config
from marge.automations.periods import positive_time_period
from marge.automations.tracing import TraceStep
from marge.util.dt import iso

# A wanted state that names a helper means that helper's state.
_HELPER = re.compile(r"^input_(select|text|number|boolean|datetime)\.[a-z0-9_]+$")


def _states(value: Any) -> Any:
    for item in fields.as_list(value):
        if isinstance(item, (dict, list)) or item is None:
            raise vol.Invalid("expected str")
    return value


_SCHEMA = vol.Schema(
    {
        vol.Required("entity_id"): fields.entity_ids,
        vol.Optional("attribute"): fields.string,
        vol.Required("state"): _states,
        vol.Optional("for"): fields.period_or_template,
        vol.Optional("match", default="all"): vol.All(vol.Lower, vol.In(["all", "any"])),
    }
)


def _schema(value: Any) -> Config:
    config: Config = _SCHEMA(value)
    wanted = fields.as_list(config["state"])
    if "attribute" not in config and not all(isinstance(item, str) for item in wanted):
        raise vol.Invalid("expected str", path=["state"])
    config["state"] = wanted
    return config


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    errors: list[tuple[int, int, ConditionError]] = []
    result = False
    entities = config["entity_id"]
    for index, entity_id in enumerate(entities):
        inner = environment.tracer.step(f"{step.path}/entity_id/{index}")
        try:
            if _check_one(entity_id, config, environment, inner):
                result = True
            elif config["match"] == "all":
                return False
        except ConditionError as exc:
            inner.set_error(exc)
            errors.append((index, len(entities), exc))
    if errors:
        raise ConditionErrorIn("state", errors)
    return result


def _check_one(entity_id: str, config: Config, environment: Environment, step: TraceStep) -> bool:
    state = environment.state(entity_id)
    if state is None:
        raise ConditionError(f"In 'state' condition: unknown entity {entity_id}")
    attribute = config.get("attribute")
    if attribute is not None and attribute not in state.attributes:
        step.set_result(result=False, message=f"attribute '{attribute}' of entity {entity_id} does not exist")
        return False
    value = state.state if attribute is None else state.attributes[attribute]
    wanted: Any = None
    matches = False
    for item in config["state"]:
        wanted = _meant(item, environment)
        matches = bool(value == wanted)
        if matches:
            break
    if not matches or "for" not in config:
        step.set_result(result=matches, state=value, wanted_state=wanted)
        return matches
    since = environment.home.clock.now() - _seconds(config["for"], environment)
    long_enough = since > state.last_changed
    step.set_result(result=long_enough, state=value, duration=iso(since))
    return long_enough


def _meant(item: Any, environment: Environment) -> Any:
    if isinstance(item, str) and _HELPER.match(item):
        helper = environment.state(item)
        if helper is None:
            raise ConditionError(f"In 'state' condition: the 'state' entity {item} is unavailable")
        return helper.state
    return item


def _seconds(period: Any, environment: Environment) -> float:
    try:
        return positive_time_period(environment.render(period)).total_seconds()
    except vol.Invalid as exc:
        raise ConditionError(f"In 'state' condition: error processing template: {exc}") from exc


CONDITION = ConditionKind(_schema, _check)
