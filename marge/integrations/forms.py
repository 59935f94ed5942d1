"""Forms of the flows: fields with selectors, checked as HA checks them and shown as its frontend wants them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.model import valid_entity_id
from marge.templating.errors import TemplateError

if TYPE_CHECKING:
    from marge.home import Home

_REGISTRY_ID = re.compile(r"[0-9a-f]{32}")
_MAX_TEXT = 20_000


class Invalid(Exception):
    """What was sent does not fit the form. `errors`: field to text; what belongs to no field is a list at `base`."""

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__(str(errors))
        self.errors = errors


Check = Callable[["Home", Any], Any]


@dataclass(frozen=True, slots=True)
class Selector:
    """How a value is asked for, and what is a good one.

    Attributes:
        kind, config: as the frontend's selectors have them; kind None: a plain field, described by `config`.
        check: returns the value, made tidy, or raises `vol.Invalid`.
    """

    kind: str | None
    config: Mapping[str, Any]
    check: Check

    def as_dict(self) -> dict[str, Any]:
        return dict(self.config) if self.kind is None else {"selector": {self.kind: dict(self.config)}}


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        default: None: there is none.
        suggested: filled in, and not taken when it is emptied.
        once: asked when the entry is made; no option. later: an option only.
        advanced: shown to people in advanced mode only; then its default counts.
    """

    name: str
    selector: Selector
    required: bool = False
    default: Any = None
    suggested: Any = None
    once: bool = False
    later: bool = False
    advanced: bool = False

    def as_dict(self) -> dict[str, Any]:
        shown = self.selector.as_dict()
        shown["name"] = self.name
        if self.suggested is not None:
            shown["description"] = {"suggested_value": self.suggested}
        shown["required" if self.required else "optional"] = True
        if self.default is not None:
            shown["default"] = self.default
        return shown


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of one step."""

    fields: Sequence[Field]

    def as_list(self) -> list[dict[str, Any]]:
        """The `data_schema` of a reply."""
        return [each.as_dict() for each in self.fields]

    def suggest(self, values: Mapping[str, Any]) -> Form:
        """The form filled in with present values."""
        return Form([replace(each, suggested=values.get(each.name)) for each in self.fields])

    def options(self, is_advanced: bool) -> Form:
        """The form for changing: without what is asked once."""
        return Form([each for each in self.fields if not each.once]).visible(is_advanced)

    def first(self, is_advanced: bool) -> Form:
        """The form for making it: without what is an option only."""
        return Form([each for each in self.fields if not each.later]).visible(is_advanced)

    def visible(self, is_advanced: bool) -> Form:
        return Form([each for each in self.fields if is_advanced or not each.advanced])

    def read(self, home: Home, data: Mapping[str, Any]) -> dict[str, Any]:
        """The values sent, checked and with defaults.

        Raises:
            Invalid: with all that is wrong.
        """
        errors: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for each in self.fields:
            if each.name not in data:
                if each.default is not None:
                    values[each.name] = each.default
                elif each.required:
                    errors[each.name] = "required key not provided"
                continue
            try:
                values[each.name] = each.selector.check(home, data[each.name])
            except vol.Invalid as exc:
                errors[each.name] = _text(exc)
        names = {each.name for each in self.fields}
        unknown = [f"extra keys not allowed @ data['{name}']" for name in data if name not in names]
        if unknown:
            errors["base"] = unknown
        if errors:
            raise Invalid(errors)
        return values


def _text(error: vol.Invalid) -> str:
    first = error.errors[0] if isinstance(error, vol.MultipleInvalid) else error
    return str(first.msg)


# -- selectors -------------------------------------------------------------------------------------------------------


def _is_text(value: Any) -> str:
    if not isinstance(value, str):
        raise vol.Invalid("expected str")
    if len(value) > _MAX_TEXT:
        raise vol.Invalid(f"length of value must be at most {_MAX_TEXT}")
    return value


def string() -> Selector:
    """A plain text without a selector."""
    return Selector(None, {"type": "string"}, lambda _home, value: _is_text(value))


def text(multiline: bool = False, multiple: bool = False, **more: Any) -> Selector:
    """Text; `more` as the frontend has it (`type`, `prefix`, …)."""
    config = {"multiline": multiline, "multiple": multiple, **more}

    def check(_home: Home, value: Any) -> Any:
        if not multiple:
            return _is_text(value)
        return [_is_text(each) for each in _is_list(value)]

    return Selector("text", config, check)


def _is_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise vol.Invalid("Value should be a list")
    return value


def template() -> Selector:
    """A template; its text."""

    def check(home: Home, value: Any) -> str:
        if value is None:
            raise vol.Invalid("template value is None")
        if isinstance(value, (list, dict)):
            raise vol.Invalid("template value should be a string")
        try:
            home.templates.compile_check(str(value))
        except TemplateError as exc:
            raise vol.Invalid(f"invalid template ({exc})") from exc
        return str(value)

    return Selector("template", {}, check)


def boolean() -> Selector:
    """On or off."""

    def check(_home: Home, value: Any) -> bool:
        return bool(value)

    return Selector("boolean", {}, check)


def number(
    *, minimum: float | None = None, maximum: float | None = None, step: float | str = 1.0, mode: str = "slider",
    unit: str | None = None,
) -> Selector:  # fmt: skip
    """A number; float, as HA keeps it."""
    config: dict[str, Any] = {"mode": mode, "step": step}
    if minimum is not None:
        config["min"] = minimum
    if maximum is not None:
        config["max"] = maximum
    if unit is not None:
        config["unit_of_measurement"] = unit

    def check(_home: Home, value: Any) -> float:
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise vol.Invalid("expected float") from None
        if found != found or found in (float("inf"), float("-inf")):
            raise vol.Invalid("expected float")
        if minimum is not None and found < minimum:
            raise vol.Invalid(f"Value {found} is too small")
        if maximum is not None and found > maximum:
            raise vol.Invalid(f"Value {found} is too large")
        return found

    return Selector("number", config, check)


def select(
    options: Sequence[str | Mapping[str, str]], *, mode: str | None = None, translation_key: str | None = None,
    multiple: bool = False, sort: bool = False, custom_value: bool = False,
) -> Selector:  # fmt: skip
    """One of `options` (texts, or `{"value", "label"}`), or several; with `custom_value` anything else too."""
    config: dict[str, Any] = {"options": list(options)}
    if mode is not None:
        config["mode"] = mode
    if translation_key is not None:
        config["translation_key"] = translation_key
    config.update(multiple=multiple, sort=sort, custom_value=custom_value)
    values = [each if isinstance(each, str) else each["value"] for each in options]

    def one(value: Any) -> Any:
        if custom_value:
            return _is_text(value)
        if value not in values:
            raise vol.Invalid(f"value must be one of {sorted(values)}")
        return value

    def check(_home: Home, value: Any) -> Any:
        return [one(each) for each in _is_list(value)] if multiple else one(value)

    return Selector("select", config, check)


def entity(
    domain: str | Sequence[str] | None = None, *, multiple: bool = False, exclude: Sequence[str] = (), **more: Any
) -> Selector:
    """An entity, or several; ids or registry ids."""
    config: dict[str, Any] = dict(more)
    if domain is not None:
        config["domain"] = [domain] if isinstance(domain, str) else list(domain)
    config["multiple"] = multiple
    if exclude:
        config["exclude_entities"] = list(exclude)
    domains = config.get("domain")

    def one(value: Any) -> str:
        if isinstance(value, str) and _REGISTRY_ID.fullmatch(value):
            return value
        if not isinstance(value, str) or not valid_entity_id(value.lower()):
            raise vol.Invalid(f"Entity {value} is neither a valid entity ID nor a valid UUID")
        entity_id = value.lower()
        if entity_id in exclude:
            raise vol.Invalid(f"Entity {entity_id} should not be selected")
        own = entity_id.partition(".")[0]
        if domains is not None and own not in domains:
            raise vol.Invalid(f"Entity {entity_id} belongs to domain {own}, expected {domains}")
        return entity_id

    def check(_home: Home, value: Any) -> Any:
        return [one(each) for each in _is_list(value)] if multiple else one(value)

    return Selector("entity", config, check)


def device(multiple: bool = False) -> Selector:
    """A device; its id."""

    def check(_home: Home, value: Any) -> Any:
        return [_is_text(each) for each in _is_list(value)] if multiple else _is_text(value)

    return Selector("device", {"multiple": multiple}, check)


def duration(**config: Any) -> Selector:
    """`{"hours", "minutes", "seconds", …}`, each a number that is not negative."""
    units = ("days", "hours", "minutes", "seconds", "milliseconds")

    def check(_home: Home, value: Any) -> dict[str, float]:
        if not isinstance(value, dict):
            raise vol.Invalid("expected a dictionary")
        for name, each in value.items():
            if name not in units:
                raise vol.Invalid("extra keys not allowed")
            if isinstance(each, bool) or not isinstance(each, (int, float)):
                raise vol.Invalid("expected float")
            if each < 0:
                raise vol.Invalid("value must be at least 0")
        if not value:
            raise vol.Invalid("must contain at least one of " + ", ".join(units) + ".")
        return value

    return Selector("duration", config, check)


def time_of_day() -> Selector:
    """`HH:MM:SS`."""

    def check(_home: Home, value: Any) -> str:
        try:
            datetime.time.fromisoformat(value)
        except (TypeError, ValueError):
            raise vol.Invalid("Invalid time") from None
        return str(value)

    return Selector("time", {}, check)


def file(accept: str) -> Selector:
    """A file that was uploaded before; its id. `accept`: endings of names, as browsers have them."""
    return Selector("file", {"accept": accept}, lambda _home, value: _is_text(value))


def action() -> Selector:
    """What to do: a list of actions, as in a script."""

    def check(_home: Home, value: Any) -> Any:
        if not isinstance(value, (list, dict)):
            raise vol.Invalid("expected a list of actions")
        return value

    return Selector("action", {}, check)


def seconds_of(duration_value: Mapping[str, float] | datetime.timedelta | None) -> float:
    """A `duration` in seconds."""
    if isinstance(duration_value, datetime.timedelta):
        return duration_value.total_seconds()
    return datetime.timedelta(**(duration_value or {})).total_seconds()
