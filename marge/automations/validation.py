"""From what a user wrote to validated triggers, conditions and actions; old spellings become new ones here.

Pure: nothing is rendered, no entity is looked up. The schemas of the kinds stand with the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from marge.automations import fields, kinds
from marge.automations.kinds import Action, Condition, Trigger

MODES = ("single", "restart", "queued", "parallel")
DEFAULT_MODE = "single"
DEFAULT_MAX = 10
DEFAULT_TRACES = 5
MAX_TRACES = 100
MAX_EXCEEDED = ("silent", "debug", "info", "warning", "error", "critical")
_TRIGGER_BASE = ("id", "alias", "enabled", "variables", "trigger", "platform")


@dataclass(frozen=True)
class ScriptConfig:
    """What automations and scripts have in common."""

    sequence: list[Action]
    mode: str
    max_runs: int
    max_exceeded: str
    variables: dict[str, Any]
    stored_traces: int = DEFAULT_TRACES


@dataclass(frozen=True)
class AutomationConfig:
    """One validated automation."""

    id: str | None
    alias: str
    description: str
    initial_state: bool | None
    triggers: list[Trigger]
    conditions: list[Condition]
    trigger_variables: dict[str, Any]
    script: ScriptConfig


def hinted(text: str, word: str, known: tuple[str, ...]) -> str:
    """`text`, and the nearest known word when there is one."""
    near = kinds.nearest(word, known)
    return f"{text} (did you mean '{near}'?)" if near else text


def _one_spelling(config: dict[str, Any], old: str, new: str) -> None:
    if old in config:
        if new in config:
            raise vol.Invalid(f"Cannot specify both '{old}' and '{new}'. Please use '{new}' only.")
        config[new] = config.pop(old)


def in_path(path: list[Any], validate: Any, value: Any) -> Any:
    """`validate(value)`, with `path` put before the path of what it raises."""
    try:
        return validate(value)
    except vol.MultipleInvalid as exc:
        for error in exc.errors:
            error.prepend(path)
        raise
    except vol.Invalid as exc:
        exc.prepend(path)
        raise


# -- triggers ----------------------------------------------------------------------------------------------------------


def flatten_triggers(value: Any) -> list[Any]:
    """The triggers as one list; `triggers:` lists inside are laid out."""
    flat: list[Any] = []
    for item in fields.as_list(value):
        if isinstance(item, Mapping) and "triggers" in item and len(item) == 1:
            flat.extend(flatten_triggers(item["triggers"]))
        else:
            flat.append(item)
    return flat


def validate_trigger(value: Any, index: int = 0) -> Trigger:
    """One trigger.

    Raises:
        vol.Invalid: with the path inside the trigger.
    """
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected dictionary")
    config = dict(value)
    _one_spelling(config, "platform", "trigger")
    name = config.pop("trigger", None)
    if name is None:
        raise vol.Invalid("required key not provided", path=["trigger"])
    kind = kinds.trigger_kind(str(name))
    if kind is None:
        raise vol.Invalid(hinted(f"Invalid trigger '{name}' specified", str(name), kinds.trigger_names()))
    base = {key: config.pop(key) for key in _TRIGGER_BASE if key in config}
    enabled = in_path(["enabled"], fields.enabled, base.get("enabled", True))
    variables = in_path(["variables"], fields.variables, base.get("variables"))
    identity = str(base["id"]) if base.get("id") is not None else str(index)
    alias = None if base.get("alias") is None else str(base["alias"])
    return Trigger(kind, kind.schema(config), index, identity, alias, enabled, variables)


def validate_triggers(value: Any) -> list[Trigger]:
    """All triggers of an automation.

    Raises:
        vol.Invalid: with the path from the list on.
    """
    checked = []
    for index, item in enumerate(flatten_triggers(value)):
        checked.append(in_path([index], lambda each, at=index: validate_trigger(each, at), item))
    return checked


# -- conditions --------------------------------------------------------------------------------------------------------


def _long_form(value: Any) -> dict[str, Any]:
    """A condition in its long spelling."""
    if fields.is_template(value):
        return {"condition": "template", "value_template": value}
    if not isinstance(value, Mapping):
        raise vol.Invalid("Expected a dictionary")
    config = dict(value)
    named = config.get("condition")
    if fields.is_template(named):
        config["condition"] = "template"
        config["value_template"] = named
    elif isinstance(named, (list, tuple)):
        config["condition"] = "and"
        config["conditions"] = named
    elif named is None:
        for short in ("and", "or", "not"):
            if short in config:
                config["condition"] = short
                config["conditions"] = config.pop(short)
                break
    return config


def validate_condition(value: Any) -> Condition:
    """One condition in any spelling.

    Raises:
        vol.Invalid: with the path inside the condition.
    """
    config = _long_form(value)
    name = config.pop("condition", None)
    kind = kinds.condition_kind(str(name)) if name is not None else None
    if kind is None:
        if name is None:
            raise vol.Invalid("required key not provided", path=["condition"])
        expected = ", ".join(sorted(kinds.condition_names()))
        text = f"Unexpected value for condition: '{name}'. Expected {expected}"
        raise vol.Invalid(hinted(text, str(name), kinds.condition_names()))
    enabled = in_path(["enabled"], fields.enabled, config.pop("enabled", True))
    config.pop("alias", None)
    return Condition(str(name), kind, kind.schema(config), enabled)


def validate_conditions(value: Any) -> list[Condition]:
    """A list of conditions, one alone, or none.

    Raises:
        vol.Invalid: with the path from the list on.
    """
    items = fields.as_list(value)
    return [in_path([index], validate_condition, item) for index, item in enumerate(items)]


# -- actions -----------------------------------------------------------------------------------------------------------


def _new_action_words(config: dict[str, Any]) -> dict[str, Any]:
    """The older words of a service call."""
    _one_spelling(config, "service", "action")
    if "service_template" in config:
        config["action"] = config.pop("service_template")
    return config


def validate_action(value: Any) -> Action:
    """One action.

    Raises:
        vol.Invalid: with the path inside the action.
    """
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected dictionary")
    config = _new_action_words(dict(value))
    kind = kinds.action_kind_for(config)
    if kind is None:
        keys = [str(key) for key in config if key not in ("alias", "enabled", "continue_on_error")]
        text = "Unable to determine action"
        raise vol.Invalid(hinted(text, keys[0], (*kinds.action_keys(), "service")) if keys else text)
    enabled = in_path(["enabled"], fields.enabled, config.pop("enabled", True))
    alias = config.pop("alias", None)
    go_on = False
    if kind.wire_name != "condition":
        go_on = in_path(["continue_on_error"], fields.boolean, config.pop("continue_on_error", False))
    return Action(kind, kind.schema(config), None if alias is None else str(alias), enabled, go_on)


def validate_actions(value: Any) -> list[Action]:
    """A sequence of actions, or one alone.

    Raises:
        vol.Invalid: with the path from the list on.
    """
    items = fields.as_list(value)
    return [in_path([index], validate_action, item) for index, item in enumerate(items)]


# -- automations and scripts -------------------------------------------------------------------------------------------


def _max_exceeded(value: Any) -> str:
    word = str(value).lower()
    if word not in MAX_EXCEEDED:
        raise vol.Invalid(f"value must be one of {[each.upper() for each in sorted(MAX_EXCEEDED)]}")
    return word


_SCRIPT_KEYS: dict[Any, Any] = {
    vol.Optional("mode", default=DEFAULT_MODE): vol.In(sorted(MODES), msg=f"value must be one of {sorted(MODES)}"),
    vol.Optional("max", default=DEFAULT_MAX): vol.All(vol.Coerce(int), vol.Range(min=2)),
    vol.Optional("max_exceeded", default="warning"): _max_exceeded,
    vol.Optional("trace", default=dict): {vol.Optional("stored_traces"): vol.All(vol.Coerce(int), vol.Range(min=0))},
    vol.Optional("variables", default=dict): fields.variables,
    vol.Optional("alias"): fields.string,
    vol.Optional("description", default=""): vol.Any(None, fields.string),
    vol.Optional("icon"): fields.string,
}

_AUTOMATION = vol.Schema(
    {
        **_SCRIPT_KEYS,
        vol.Optional("id"): fields.string,
        vol.Optional("initial_state"): fields.boolean,
        vol.Optional("hide_entity"): object,
        vol.Optional("trigger_variables", default=dict): fields.variables,
        vol.Required("triggers"): object,
        vol.Optional("conditions"): object,
        vol.Required("actions"): object,
    }
)

AUTOMATION_KEYS = ("alias", "description", "id", "triggers", "conditions", "actions", "mode", "max", "max_exceeded",
                   "variables", "trigger_variables", "initial_state", "trace", "use_blueprint", "icon")


def explain_extra_key(exc: vol.Invalid, known: tuple[str, ...]) -> str | None:
    """The nearest known word for a key that a schema did not expect, or None when the error is another."""
    if "extra keys not allowed" in str(exc) and exc.path:
        return kinds.nearest(str(exc.path[-1]), known)
    return None


def _script_config(config: Mapping[str, Any], sequence: list[Action]) -> ScriptConfig:
    traces = min(config["trace"].get("stored_traces", DEFAULT_TRACES), MAX_TRACES)
    return ScriptConfig(
        sequence, config["mode"], config["max"], config["max_exceeded"], config["variables"], traces
    )


def respell_automation(value: Any) -> dict[str, Any]:
    """An automation with today's words for its parts.

    Raises:
        vol.Invalid: it is no mapping, or says one thing in two spellings.
    """
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected dictionary")
    config = dict(value)
    for old, new in (("trigger", "triggers"), ("condition", "conditions"), ("action", "actions")):
        _one_spelling(config, old, new)
    return config


def validate_automation(value: Any) -> AutomationConfig:
    """One automation in any spelling.

    Raises:
        vol.Invalid: what is wrong, with its path (the new words: `triggers`, `conditions`, `actions`).
    """
    config = respell_automation(value)
    config = _AUTOMATION(config)
    alias = config.get("alias") or config.get("id") or "automation"
    sequence = in_path(["actions"], validate_actions, config["actions"])
    conditions = in_path(["conditions"], validate_conditions, config.get("conditions"))
    return AutomationConfig(
        id=config.get("id"),
        alias=alias,
        description=config.get("description") or "",
        initial_state=config.get("initial_state"),
        triggers=in_path(["triggers"], validate_triggers, config["triggers"]),
        conditions=conditions,
        trigger_variables=config["trigger_variables"],
        script=_script_config(config, sequence),
    )


_SCRIPT = vol.Schema(
    {
        **_SCRIPT_KEYS,
        vol.Required("sequence"): object,
        vol.Optional("fields", default=dict): vol.Any(None, {fields.string: vol.Any(None, dict)}),
    }
)


def validate_script(value: Any) -> tuple[dict[str, Any], ScriptConfig]:
    """One script: its mapping with defaults, and what runs.

    Raises:
        vol.Invalid: what is wrong, with its path.
    """
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected dictionary")
    config = _SCRIPT(dict(value))
    sequence = in_path(["sequence"], validate_actions, config["sequence"])
    return config, _script_config(config, sequence)
