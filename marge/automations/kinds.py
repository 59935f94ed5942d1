"""What a kind of trigger, condition or action is, and where kinds are found: a file `<folder>/<name>.py` each, by name.

Adding a kind is adding a file. The loader is here; behaviour of kinds is not.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from marge.util.parts import find_parts, load_part

if TYPE_CHECKING:
    from marge.automations.environment import Environment
    from marge.automations.hosts import TriggerHost
    from marge.automations.runner import Step
    from marge.automations.tracing import TraceStep

Config = dict[str, Any]


@dataclass(frozen=True)
class TriggerKind:
    """`attach(trigger, host)` subscribes through the host and calls `host.fire` when it happens. It never waits."""

    schema: Callable[[Any], Config]
    attach: Callable[[Trigger, TriggerHost], None]
    names_device: bool = False
    """Its `device_id` must be a device's."""


@dataclass(frozen=True)
class ConditionKind:
    """`check(config, environment, step)` says whether it holds, from snapshots alone; it never waits.

    Raises `ConditionError` when it cannot be told.
    """

    schema: Callable[[Any], Config]
    check: Callable[[Config, Environment, TraceStep], bool]
    names_device: bool = False


@dataclass(frozen=True)
class ActionKind:
    """`run(step)` does it, in the run's own greenlet: it may wait.

    Attributes:
        keys: the first of these that an action has makes it of this kind.
        wire_name: what HA calls it in error texts.
    """

    keys: tuple[str, ...]
    schema: Callable[[Any], Config]
    run: Callable[[Step], None]
    wire_name: str
    names_device: bool = False


@dataclass(frozen=True)
class Trigger:
    """One validated trigger.

    Attributes:
        index: its place among the automation's triggers.
        enabled: False, or a limited template's text that says so.
    """

    kind: TriggerKind
    config: Config
    index: int
    id: str
    alias: str | None = None
    enabled: bool | str = True
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Condition:
    """One validated condition. `enabled` may be a limited template's text."""

    name: str
    kind: ConditionKind
    config: Config
    enabled: bool | str = True


@dataclass(frozen=True)
class Action:
    """One validated action. `enabled` may be a limited template's text."""

    kind: ActionKind
    config: Config
    alias: str | None = None
    enabled: bool | str = True
    continue_on_error: bool = False


def _names(package: str) -> tuple[str, ...]:
    module = importlib.import_module(f"marge.automations.{package}")
    return tuple(info.name for info in pkgutil.iter_modules(module.__path__) if not info.name.startswith("_"))


def _module_name(name: str) -> str:
    return f"{name}_" if name in ("and", "or", "not", "if") else name


@lru_cache(maxsize=1)
def trigger_names() -> tuple[str, ...]:
    return tuple(sorted(_names("triggers")))


@lru_cache(maxsize=1)
def condition_names() -> tuple[str, ...]:
    return tuple(sorted(name.rstrip("_") for name in _names("conditions")))


@lru_cache(maxsize=128)
def trigger_kind(name: str) -> TriggerKind | None:
    """The kind called `name`, or None."""
    if name not in trigger_names():
        return None
    module = load_part(f"marge.automations.triggers.{name}")
    kind: TriggerKind | None = None if module is None else module.TRIGGER
    return kind


@lru_cache(maxsize=128)
def condition_kind(name: str) -> ConditionKind | None:
    """The kind called `name`, or None."""
    if name not in condition_names():
        return None
    module = load_part(f"marge.automations.conditions.{_module_name(name)}")
    kind: ConditionKind | None = None if module is None else module.CONDITION
    return kind


@lru_cache(maxsize=1)
def action_kinds() -> tuple[ActionKind, ...]:
    return tuple(module.ACTION for _name, module in find_parts("marge.automations.actions"))


@lru_cache(maxsize=1)
def _actions_by_key() -> dict[str, ActionKind]:
    return {key: kind for kind in action_kinds() for key in kind.keys}


def action_kind_for(config: Mapping[str, Any]) -> ActionKind | None:
    """The kind of an action, told by the key that only this kind has."""
    by_key = _actions_by_key()
    for key in config:
        kind = by_key.get(key)
        if kind is not None:
            return kind
    return None


def action_keys() -> tuple[str, ...]:
    return tuple(_actions_by_key())


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that `word` was probably meant to be."""
    matches = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return matches[0] if matches else None
