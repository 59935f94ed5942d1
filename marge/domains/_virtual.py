"""What services do to virtual entities, as data: a table of rules for each domain.

Here: the rules and what they mean. Not here: which services a domain has for owned entities, or checks (a virtual
entity takes what it is given: values are kept as sent, keys that no rule names are ignored).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marge.entities.domain import VirtualBehaviour
from marge.model import State

Compute = Callable[[State | None, Mapping[str, Any]], tuple[str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one service does.

    Attributes:
        state: the new state; None keeps the present one.
        otherwise: the state of an entity that has none yet, when the present one is kept.
        copy: attributes taken from the call where it has them, under the same name or another: `{"from": "to"}`.
        attributes: attributes set to fixed values.
        compute: in place of all that: a function for what a table cannot say.
    """

    state: str | None = None
    otherwise: str = "unknown"
    copy: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    compute: Compute | None = None


def to(state: str, *copy: str, **attributes: Any) -> Rule:
    """Becomes `state`, and takes the named attributes from the call."""
    return Rule(state=state, copy={key: key for key in copy}, attributes=attributes)


def keep(otherwise: str, *copy: str, **attributes: Any) -> Rule:
    """Keeps its state, and takes the named attributes from the call."""
    return Rule(otherwise=otherwise, copy={key: key for key in copy}, attributes=attributes)


def computed(function: Compute) -> Rule:
    return Rule(compute=function)


def flip(first: str = "on", second: str = "off") -> Rule:
    """`first` becomes `second`, anything else becomes `first`."""
    return computed(lambda state, _data: (second if state is not None and state.state == first else first, {}))


ON_OFF: Mapping[str, Rule] = {"turn_on": to("on"), "turn_off": to("off"), "toggle": flip()}


def virtual(rules: Mapping[str, Rule]) -> VirtualBehaviour:
    """The behaviour that a table describes."""

    def behave(service: str, state: State | None, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
        rule = rules.get(service)
        if rule is None:
            return None
        if rule.compute is not None:
            return rule.compute(state, data)
        new_state = rule.state
        if new_state is None:
            new_state = rule.otherwise if state is None else state.state
        changes = {to_key: data[key] for key, to_key in rule.copy.items() if key in data}
        changes.update(rule.attributes)
        return new_state, changes

    return behave


def number_text(value: Any) -> str:
    """A number as it was written in the call: 75 is "75", 42.5 is "42.5"."""
    return str(value).lower() if isinstance(value, bool) else str(value)
