"""Evaluates validated conditions over snapshots; reports each to the tracer. What a kind means is not here."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from marge.automations import rendering
from marge.automations.environment import Environment
from marge.automations.errors import ConditionError, ConditionErrorIn
from marge.automations.kinds import Condition
from marge.errors import MargeError

log = structlog.get_logger("marge.automations")


def is_enabled(enabled: bool | str, environment: Environment) -> bool:
    """Whether a trigger, condition or action takes part: `enabled` may be a limited template.

    Raises:
        TemplateError: the template failed.
    """
    if isinstance(enabled, bool):
        return enabled
    value = rendering.render_limited(environment.home, enabled, environment.variables)
    return rendering.truth(value)


def check(condition: Condition, environment: Environment, path: str) -> bool | None:
    """Whether `condition` holds; None when it is disabled.

    Raises:
        ConditionError: it cannot be told.
    """
    step = environment.tracer.step(path)
    try:
        if condition.enabled is not True and not is_enabled(condition.enabled, environment):
            step.set_result(result=None)
            return None
        result = condition.kind.check(condition.config, environment, step)
    except ConditionError as exc:
        step.set_error(exc)
        raise
    except MargeError as exc:
        error = ConditionError(f"In '{condition.name}' condition: {exc}")
        step.set_error(error)
        raise error from exc
    step.update_result(result=result)
    return result


def check_all(conditions: Sequence[Condition], environment: Environment, path: str, holder: str) -> bool:
    """Whether none of `conditions` is false. Stops at the first false one.

    Args:
        path: the trace path before the index.
        holder: what the conditions stand in, for error texts (`condition`, `and`).

    Raises:
        ConditionError: none is false, but some cannot be told.
    """
    errors: list[tuple[int, int, ConditionError]] = []
    for index, condition in enumerate(conditions):
        try:
            if check(condition, environment, f"{path}/{index}") is False:
                return False
        except ConditionError as exc:
            errors.append((index, len(conditions), exc))
    if errors:
        raise ConditionErrorIn(holder, errors)
    return True


def any_holds(conditions: Sequence[Condition], environment: Environment, path: str, holder: str) -> bool:
    """Whether one of the conditions is true; arguments as for `check_all`.

    Raises:
        ConditionError: none is true, but some cannot be told.
    """
    errors: list[tuple[int, int, ConditionError]] = []
    for index, condition in enumerate(conditions):
        try:
            if check(condition, environment, f"{path}/{index}") is True:
                return True
        except ConditionError as exc:
            errors.append((index, len(conditions), exc))
    if errors:
        raise ConditionErrorIn(holder, errors)
    return False


def holds(conditions: Sequence[Condition], environment: Environment, path: str) -> bool:
    """Whether an automation's conditions let it run. What cannot be told counts as false and is logged."""
    if not conditions:
        return True
    try:
        return check_all(conditions, environment, path, "condition")
    except ConditionErrorIn as exc:
        # A single condition is not numbered in HA's text; several are.
        log.warning(
            f"Error evaluating condition in '{environment.label}':\n{exc}",
            automation=environment.label,
            step=f"{path}/{exc.causes[0][0]}",
            where=environment.place(f"{path}/{exc.causes[0][0]}"),
        )
        return False


def holds_in_script(
    conditions: Sequence[Condition], environment: Environment, path: str, part: str
) -> bool | None:
    """Whether the conditions of an `if`, a `choose` or a `repeat` hold; None when that cannot be told, which is logged.

    Args:
        part: where they stand, for the log: `choose[0]`, `if`.
    """
    for index, condition in enumerate(conditions):
        try:
            if check(condition, environment, f"{path}/{index}") is False:
                return False
        except ConditionError as exc:
            log.warning(
                f"Error in '{part}[{index}]' evaluation: {exc}",
                automation=environment.label,
                step=f"{path}/{index}",
                where=environment.place(f"{path}/{index}"),
            )
            return None
    return True
