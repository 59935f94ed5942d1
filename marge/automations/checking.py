"""What is wrong inside automations, scripts and scenes, by the schemas that load them. Nothing is loaded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.automations.expand import Found, expanded, read_blueprints
from marge.automations.scenes import validate_scene
from marge.automations.validation import AUTOMATION_KEYS, explain_extra_key, validate_automation, validate_script
from marge.config import ConfigProblem, locate
from marge.config.problems import nearest

# the schema puts today's words into its paths; the user's file may have the old ones
_OLD_WORDS = {"triggers": "trigger", "conditions": "condition", "actions": "action"}

PART_KEYS = (
    "above", "action", "after", "alias", "attribute", "at", "before", "below", "choose", "conditions",
    "continue_on_error", "continue_on_timeout", "count", "data", "default", "delay", "device_id", "domain",
    "else", "enabled", "entities", "entity_id", "event", "event_data", "event_type", "for", "for_each", "from",
    "hours", "icon", "id", "if", "match", "metadata", "minutes", "name", "not_from", "not_to", "offset",
    "parallel", "payload", "repeat", "response_variable", "scene", "seconds", "sequence", "state", "stop",
    "target", "then", "timeout", "to", "topic", "trigger", "triggers", "type", "until", "value_template",
    "variables", "wait_for_trigger", "wait_template", "webhook_id", "weekday", "while", "zone",
)  # fmt: skip
"""Keys of triggers, conditions and actions, for guesses at what was meant."""

SCRIPT_KEYS = (
    "alias", "description", "fields", "icon", "max", "max_exceeded", "mode", "sequence", "trace", "use_blueprint",
    "variables",
)  # fmt: skip
SCENE_KEYS = ("entities", "icon", "id", "metadata", "name")
_KEYS_OF = {"automation": AUTOMATION_KEYS, "script": SCRIPT_KEYS, "scene": SCENE_KEYS}
_CHOICES = re.compile(r"value must be one of \[(.*)\]")
_QUOTED = re.compile(r"'([^']*)'")

Validate = Callable[[Any], object]


def check_sections(
    sections: Mapping[str, Any], config_dir: Path, compile_check: Callable[[str], None]
) -> Iterator[ConfigProblem | None]:
    """Every automation, script and scene that would be left out at start, with the reason and the place.

    None comes after each piece that was looked at: a moment to let others in. Blueprints are read in this very thread.

    Args:
        compile_check: raises `TemplateError` when a template cannot be compiled.
    """
    automations = sections.get("automation") or []
    listed = automations if isinstance(automations, list) else [automations]
    found = read_blueprints(config_dir, "automation", listed)
    for number, raw in enumerate(listed):
        path = f"automation.{_name_of(raw, ('alias', 'id')) or number}"
        yield from _check(_filled(validate_automation, found), raw, automations, number, path, compile_check)
    scripts = sections.get("script")
    named = scripts if isinstance(scripts, Mapping) else {}
    found = read_blueprints(config_dir, "script", named.values())
    for name, raw in named.items():
        yield from _check(_filled(validate_script, found), raw, named, name, f"script.{name}", compile_check)
    scenes = sections.get("scene") or []
    for number, raw in enumerate(scenes if isinstance(scenes, list) else [scenes]):
        path = f"scene.{_name_of(raw, ('name', 'id')) or number}"
        yield from _check(validate_scene, raw, scenes, number, path, compile_check)


def _name_of(raw: Any, keys: tuple[str, ...]) -> str | None:
    for key in keys if isinstance(raw, Mapping) else ():
        if raw.get(key) is not None:
            return str(raw[key])
    return None


def _filled(validate: Validate, found: Found) -> Validate:
    """The validator, for what comes of the blueprint when one is used."""
    return lambda raw: validate(expanded(raw, found))


def _check(
    validate: Validate, raw: Any, parent: Any, key: object, path: str, compile_check: Callable[[str], None]
) -> Iterator[ConfigProblem | None]:
    errors: list[vol.Invalid] = []
    try:
        with fields.checking_templates(compile_check):
            validate(raw)
    except vol.MultipleInvalid as invalid:
        errors = list(invalid.errors)
    except vol.Invalid as invalid:
        errors = [invalid]
    except RecursionError:
        errors = [vol.Invalid("nested too deeply")]
    words = _KEYS_OF[path.partition(".")[0]]
    meant = {nearest_key(error, words) for error in errors}
    for error in errors:
        if "required key not provided" in str(error) and error.path and str(error.path[-1]) in meant:
            continue  # it is there, with a mistake in it
        steps = as_written(raw, error.path)
        where = locate(parent if isinstance(parent, list) or parent is not raw else [raw], [key, *steps])
        file, line = where if where else (None, None)
        inner = ".".join(str(step) for step in steps)
        place = f"{path}.{inner}" if inner else path
        hint = hint_for(error, words, raw)
        yield ConfigProblem("error", file, line, place, f"`{path}` would be left out: {error}", hint)
    yield None


def as_written(raw: Any, path: list[Any]) -> list[Any]:
    """The path with the words that the user wrote: `trigger` for `triggers`, no place in a list where there is none."""
    old = _OLD_WORDS.get(path[0]) if path and isinstance(path[0], str) else None
    word = path[0] if path else None
    if old is not None and isinstance(raw, Mapping) and word not in raw and old in raw:
        word = old
    if word is None:
        return path
    is_single = isinstance(raw, Mapping) and word in _OLD_WORDS | {each: each for each in _OLD_WORDS.values()}
    rest = path[1:]
    if is_single and rest and isinstance(rest[0], int) and not isinstance(raw.get(word), list):
        rest = rest[1:]
    return [word, *rest]


def hint_for(error: vol.Invalid, words: tuple[str, ...] = AUTOMATION_KEYS, raw: Any = None) -> str | None:
    """What was probably meant, for a key that nobody knows or a word that is none of those that can stand there. The
    errors of unknown kinds say it themselves.

    Args:
        words: the keys that can stand at the top.
        raw: what the error is about.
    """
    near = nearest_key(error, words) or _nearest_choice(error, raw)
    return f"did you mean `{near}`?" if near else None


def nearest_key(error: vol.Invalid, words: tuple[str, ...] = AUTOMATION_KEYS) -> str | None:
    """For a key that nobody knows: the one that was probably meant."""
    return explain_extra_key(error, words if len(error.path) < 2 else PART_KEYS)


def _nearest_choice(error: vol.Invalid, raw: Any) -> str | None:
    """For a word that is none of some: the nearest of them. The choices stand in the error's text only."""
    found = _CHOICES.search(error.error_message)
    value = raw
    for step in as_written(raw, error.path) if found else ():
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return nearest(value, _QUOTED.findall(found[1])) if found and isinstance(value, str) else None
