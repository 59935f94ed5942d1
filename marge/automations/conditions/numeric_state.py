"""`condition: numeric_state`: a number of an entity lies above or below a limit. Its trigger uses `check_number`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError, ConditionErrorIn
from marge.automations.kinds import ConditionKind, Config
from marge.automations.tracing import TraceStep
from marge.model import STATE_UNAVAILABLE, STATE_UNKNOWN, State

NO_NUMBER = (STATE_UNAVAILABLE, STATE_UNKNOWN)

_SCHEMA = vol.Schema(
    vol.All(
        {
            vol.Required("entity_id"): fields.entity_ids,
            vol.Optional("attribute"): fields.string,
            vol.Optional("below"): fields.number_or_entity,
            vol.Optional("above"): fields.number_or_entity,
            vol.Optional("value_template"): fields.template,
        },
        fields.at_least_one_of("below", "above"),
    )
)


def _check(config: Config, environment: Environment, step: TraceStep) -> bool:
    errors: list[tuple[int, int, ConditionError]] = []
    entities = config["entity_id"]
    for index, entity_id in enumerate(entities):
        inner = environment.tracer.step(f"{step.path}/entity_id/{index}")
        try:
            if not check_number(entity_id, environment.state(entity_id), config, environment, inner):
                return False
        except ConditionError as exc:
            inner.set_error(exc)
            errors.append((index, len(entities), exc))
    if errors:
        raise ConditionErrorIn("numeric_state", errors)
    return True


def check_number(
    entity_id: str, state: State | None, config: Config, environment: Environment, step: TraceStep
) -> bool:
    """Whether the entity's number lies within the limits. Unknown and unavailable are outside.

    Raises:
        ConditionError: unknown entity, or its value is no number.
    """
    if state is None:
        raise ConditionError(f"In 'numeric_state' condition: unknown entity {entity_id}")
    attribute = config.get("attribute")
    if attribute is not None and attribute not in state.attributes:
        step.set_result(result=False, message=f"attribute '{attribute}' of entity {entity_id} does not exist")
        return False
    value = _value(state, attribute, config, environment)
    if value in NO_NUMBER:
        step.set_result(result=False, message=f"value '{value}' is non-numeric and treated as False")
        return False
    try:
        number = float(value)
    except (TypeError, ValueError) as exc:
        raise ConditionError(
            f"In 'numeric_state' condition: entity {entity_id} state '{value}' cannot be processed as a number"
        ) from exc
    return _within(number, config, environment, step)


def _value(state: State, attribute: str | None, config: Config, environment: Environment) -> Any:
    text = config.get("value_template")
    if text is None:
        return state.state if attribute is None else state.attributes[attribute]
    return environment.render(text, {"state": state})


def _within(number: float, config: Config, environment: Environment, step: TraceStep) -> bool:
    for side in ("below", "above"):
        wanted = config.get(side)
        if wanted is None:
            continue
        limit = _limit(side, wanted, environment, step)
        if limit is None:
            return False
        if (side == "below" and number >= limit) or (side == "above" and number <= limit):
            step.set_result(result=False, state=number, **{f"wanted_state_{side}": limit})
            return False
    step.set_result(result=True, state=number)
    return True


def _limit(side: str, wanted: float | str, environment: Environment, step: TraceStep) -> float | None:
    if not isinstance(wanted, str):
        return wanted
    state = environment.state(wanted)
    if state is None:
        raise ConditionError(f"In 'numeric_state' condition: unknown '{side}' entity {wanted}")
    if state.state in NO_NUMBER:
        step.set_result(result=False, message=f"{side} entity {wanted} is {state.state}")
        return None
    try:
        return float(state.state)
    except ValueError as exc:
        raise ConditionError(
            f"In 'numeric_state' condition: the '{side}' entity {wanted} state '{state.state}'"
            " cannot be processed as a number"
        ) from exc


CONDITION = ConditionKind(_SCHEMA, _check)
