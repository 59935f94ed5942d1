"""What `marge check-config` finds inside sections: automations and scripts, by the schemas that load them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import voluptuous as vol

from marge.automations.expand import Found, expanded, read_blueprints
from marge.automations.validation import AUTOMATION_KEYS, explain_extra_key, validate_automation, validate_script
from marge.config import ConfigProblem, HomeConfig, locate

# the schema puts today's words into its paths; the user's file may have the old ones
_OLD_WORDS = {"triggers": "trigger", "conditions": "condition", "actions": "action"}


def check_pieces(home: HomeConfig) -> Iterator[ConfigProblem]:
    """Every automation and script that would be left out at start, with the reason and the place."""
    automations = home.sections.get("automation") or []
    listed = automations if isinstance(automations, list) else [automations]
    found = read_blueprints(home.config_dir, "automation", listed)
    for number, raw in enumerate(listed):
        name = raw.get("alias") or raw.get("id") if isinstance(raw, Mapping) else None
        path = f"automation.{name or number}"
        yield from _check(_filled(validate_automation, found), raw, automations, number, path)
    scripts = home.sections.get("script")
    named = scripts if isinstance(scripts, Mapping) else {}
    found = read_blueprints(home.config_dir, "script", named.values())
    for name, raw in named.items():
        yield from _check(_filled(validate_script, found), raw, named, name, f"script.{name}")


def _filled(validate: Callable[[Any], object], found: Found) -> Callable[[Any], object]:
    """The validator, for what comes of the blueprint when one is used."""
    return lambda raw: validate(expanded(raw, found))


def _check(validate: Callable[[Any], object], raw: Any, parent: Any, key: object, path: str) -> Iterator[ConfigProblem]:
    try:
        validate(raw)
    except vol.Invalid as invalid:
        for error in invalid.errors if isinstance(invalid, vol.MultipleInvalid) else [invalid]:
            steps = [_as_written(raw, step) for step in error.path]
            where = locate(parent, [key, *steps])
            near = explain_extra_key(error, AUTOMATION_KEYS)
            file, line = where if where else (None, None)
            hint = f"did you mean `{near}`?" if near else None
            yield ConfigProblem("error", file, line, path, f"`{path}` would be left out: {error}", hint)


def _as_written(raw: Any, step: object) -> object:
    old = _OLD_WORDS.get(step) if isinstance(step, str) else None
    return old if old is not None and isinstance(raw, Mapping) and step not in raw and old in raw else step
