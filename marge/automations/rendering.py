"""Templates as the engine uses them: values with templates anywhere in them, limited templates, what a render read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.automations.fields import is_template

if TYPE_CHECKING:
    from marge.home import Home
    from marge.templating import RenderInfo

TURN_BUDGET_S = 0.05
"""A template in an automation actor's turn: longer would hold up all actors of the dispatcher."""
RUN_BUDGET_S = 5.0
"""A template in a run's own greenlet."""

_TRUE_WORDS = frozenset(("true", "yes", "on", "enable"))
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


def truth(value: Any) -> bool:
    """A render's result as HA's triggers understand it: true words and numbers that are not zero."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return value != 0
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _TRUE_WORDS:
            return True
        return _NUMBER.match(word) is not None and float(word) != 0
    return False


def is_true(value: Any) -> bool:
    """A render's result as HA's template conditions understand it: `true` and nothing else."""
    return str(value).lower() == "true"


def render(home: Home, value: Any, variables: Mapping[str, Any], budget_s: float = RUN_BUDGET_S) -> Any:
    """`value` with every template in it rendered to a native value. Mappings and lists are copied.

    Raises:
        TemplateError: a template failed or took too long.
    """
    if isinstance(value, str):
        if not is_template(value):
            return value
        return home.templates.render(value, variables, budget_s=budget_s, may_yield=budget_s > TURN_BUDGET_S)
    if isinstance(value, Mapping):
        return {
            render(home, key, variables, budget_s): render(home, item, variables, budget_s)
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [render(home, item, variables, budget_s) for item in value]
    return value


def render_limited(home: Home, value: Any, variables: Mapping[str, Any]) -> Any:
    """As `render`, for what is settled when triggers are attached: states cannot be read.

    Raises:
        TemplateError: a template failed, or wanted to read states.
    """
    if isinstance(value, str):
        if not is_template(value):
            return value
        return home.templates.render(value, variables, limited=True, budget_s=TURN_BUDGET_S, may_yield=False)
    if isinstance(value, Mapping):
        return {key: render_limited(home, item, variables) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [render_limited(home, item, variables) for item in value]
    return value


def render_info(
    home: Home, text: str, variables: Mapping[str, Any], budget_s: float = RUN_BUDGET_S
) -> RenderInfo:
    """The render of `text` as a `RenderInfo`: its result or error, and what it read."""
    return home.templates.render_info(text, variables, budget_s=budget_s, may_yield=budget_s > TURN_BUDGET_S)


def render_variables(
    home: Home, wanted: Mapping[str, Any], known: Mapping[str, Any], budget_s: float, limited: bool = False
) -> dict[str, Any]:
    """`known`, and those of `wanted` that it lacks, rendered in their order: a later one sees the earlier ones.

    Raises:
        TemplateError: a template failed.
    """
    seen = dict(known)
    for name, value in wanted.items():
        if name not in seen:
            seen[name] = render_limited(home, value, seen) if limited else render(home, value, seen, budget_s)
    return seen
