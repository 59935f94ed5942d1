"""Value and command templates: the home's template engine, with a short cut for the commonest form.

Nine in ten value templates are a path into the JSON, such as `{{ value_json.temperature }}`. Those are walked without
jinja: 0.4 µs instead of tens. Anything unusual about such a path goes to the engine, so that results never differ.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from marge.bridges.mqtt.incoming import NOT_JSON, Incoming
from marge.errors import MargeError
from marge.templating import TemplateError
from marge.util.memo import remembered

if TYPE_CHECKING:
    from marge.home import Home

_STEP = r"(?:\.(?P<dot>[A-Za-z_][A-Za-z0-9_]*)|\[(?:'(?P<single>[^'\\]*)'|\"(?P<double>[^\"\\]*)\")\])"
_STEP_PATTERN = re.compile(_STEP)
_UNNAMED = re.sub(r"\?P<\w+>", "?:", _STEP)
_PATH_PATTERN = re.compile(rf"\s*\{{\{{-?\s*value_json((?:{_UNNAMED})+)\s*-?\}}\}}\s*")
_METHODS = frozenset(dir(dict))
"""`value_json.items` is jinja's business: it may be the method. So may `value_json['items']` where there is no key."""

BUDGET_S = 0.05
"""A template that takes longer holds the hub: it counts as failed."""

_PLAIN = (str, int, float, bool, type(None))


class TemplateFailed(MargeError):
    """A template could not be rendered."""


@remembered(most=4_000, longest=2_000)
def json_path(source: str) -> tuple[str, ...] | None:
    """The keys that `source` walks, if it is nothing but a path into `value_json`."""
    match = _PATH_PATTERN.fullmatch(source)
    if match is None:
        return None
    keys = []
    for step in _STEP_PATTERN.finditer(match[1]):
        key = next(part for part in step.groups() if part is not None)
        if key in _METHODS:
            return None
        keys.append(key)
    return tuple(keys)


def walk(parsed: Any, keys: tuple[str, ...]) -> str | None:
    """What jinja would render for this path; None: ask jinja."""
    for index, key in enumerate(keys):
        if type(parsed) is not dict:
            return None
        if key not in parsed:
            return "" if index == len(keys) - 1 else None
        parsed = parsed[key]
    return str(parsed).strip() if type(parsed) in _PLAIN else None


class Templates:
    """Renders for all mappings and entities of the bridge; may be called from any actor. Never waits."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def render_value(self, source: str, message: Incoming, entity_id: str, **variables: Any) -> str:
        """A value template over a message.

        Raises:
            TemplateFailed: it cannot be rendered.
        """
        keys = json_path(source)
        if keys is not None and (found := walk(message.json, keys)) is not None:
            return found
        if message.json is not NOT_JSON:
            variables["value_json"] = message.json
        variables.setdefault("value", message.text)
        return self.render(source, variables, entity_id)

    def render(self, source: str, variables: dict[str, Any], entity_id: str) -> str:
        """Any template, with `entity_id`, `name` and `this` of the entity.

        Raises:
            TemplateFailed: it cannot be rendered.
        """
        known: dict[str, Any] = {"entity_id": entity_id}
        if "name" in source or "this" in source:
            state = self._home.states.get(entity_id)
            known["name"] = None if state is None else state.name
            known["this"] = None if state is None else state.as_dict()
        try:
            return self._home.templates.render_text(source, {**known, **variables}, budget_s=BUDGET_S, may_yield=False)
        except TemplateError as exc:
            raise TemplateFailed(str(exc)) from exc
