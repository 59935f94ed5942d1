"""Validators that many kinds share: entity ids, templates, lengths of time, lists. Pure; HA's users know the texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import voluptuous as vol

from marge.automations.periods import positive_time_period, time_period
from marge.model import valid_entity_id
from marge.templating import TemplateError
from marge.util.schema import TEXTS, boolean, shaped

_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
_REGISTRY_ID = re.compile(r"^[0-9a-f]{32}\Z")
_COMPILE_CHECK: ContextVar[Callable[[str], None] | None] = ContextVar("marge_compile_check", default=None)
_TIME = re.compile(r"^\d{1,2}:\d{2}(:\d{2})?\Z")


def is_template(value: Any) -> bool:
    """Whether `value` is text with something in it to render."""
    return isinstance(value, str) and _TEMPLATE.search(value) is not None


def holds_template(value: Any) -> bool:
    """Whether a template stands anywhere in `value`."""
    if isinstance(value, str):
        return _TEMPLATE.search(value) is not None
    if isinstance(value, Mapping):
        return any(holds_template(key) or holds_template(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return any(holds_template(item) for item in value)
    return False


def string(value: Any) -> str:
    """Text; a number becomes text, nothing else does."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (bool, Mapping, list, tuple)):
        raise vol.Invalid("string value is None" if value is None else "value should be a string")
    return str(value)


@contextmanager
def checking_templates(compile_check: Callable[[str], None]) -> Iterator[None]:
    """Let validators compile the templates they meet, for people who write them now. Files are read without: there the
    first render tells.

    Args:
        compile_check: raises `TemplateError` for one that cannot be compiled.
    """
    before = _COMPILE_CHECK.set(compile_check)
    try:
        yield
    finally:
        _COMPILE_CHECK.reset(before)


def _compiled(text: str) -> str:
    check = _COMPILE_CHECK.get()
    if check is not None:
        try:
            check(text)
        except TemplateError as exc:
            raise vol.Invalid(f"invalid template ({exc})") from exc
    return text


def template(value: Any) -> str:
    """Template text; see `checking_templates` for its syntax."""
    if value is None:
        raise vol.Invalid("template value is None")
    if isinstance(value, (list, tuple, Mapping)):
        raise vol.Invalid("template value should be a string")
    return _compiled(str(value))


def templates(value: Any) -> Any:
    """Anything with templates anywhere in it; it stays as it is."""
    if _COMPILE_CHECK.get() is None:
        return value
    if isinstance(value, str):
        return _compiled(value) if is_template(value) else value
    items = value.items() if isinstance(value, Mapping) else (
        enumerate(value) if isinstance(value, (list, tuple)) else ()
    )
    for key, item in items:
        try:
            templates(item)
        except vol.Invalid as exc:
            exc.prepend([key])
            raise
    return value


def dynamic_template(value: Any) -> str:
    """Template text with something to render in it."""
    text = template(value)
    if not is_template(text):
        raise vol.Invalid("template value does not contain a dynamic template")
    return text


def enabled(value: Any) -> bool | str:
    """`enabled:` is a truth value or a template."""
    return str(value) if is_template(value) else boolean(value)


def as_list(value: Any) -> list[Any]:
    """`None` is none, a list stays, anything else is a list of one."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


@shaped({"type": "string"})
def entity_id(value: Any) -> str:
    """One entity id (lower-cased), or the registry id of an entity."""
    text = string(value).lower().strip()
    if valid_entity_id(text) or _REGISTRY_ID.match(text):
        return text
    raise vol.Invalid(f"Entity {value} is neither a valid entity ID nor a valid UUID")


@shaped(TEXTS)
def entity_ids(value: Any) -> list[str]:
    """A list of entity ids, or one text with commas."""
    if value is None:
        raise vol.Invalid("Entity IDs can not be None")
    items = value.split(",") if isinstance(value, str) else as_list(value)
    return [entity_id(item) for item in items]


def entities_in(*domains: str) -> Callable[[Any], str]:
    """An entity id of one of these domains."""

    def check(value: Any) -> str:
        text = entity_id(value)
        if text.partition(".")[0] not in domains:
            raise vol.Invalid(f"Entity ID '{text}' does not belong to domain '{', '.join(domains)}'")
        return text

    return check


def time_of_day(value: Any) -> str:
    """`HH:MM[:SS]` as `HH:MM:SS`; YAML reads `05:30:00` without quotes as a number of seconds, which is taken too."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 86_400:
        value = f"{value // 3600:02d}:{value // 60 % 60:02d}:{value % 60:02d}"
    if isinstance(value, str) and _TIME.match(value):
        hours, minutes, seconds = ([int(part) for part in value.split(":")] + [0])[:3]
        if hours < 24 and minutes < 60 and seconds < 60:
            return f"{hours:02d}:{minutes:02d}:{seconds:02d}"
    raise vol.Invalid("Invalid time specified")


def period_or_template(value: Any) -> Any:
    """A positive length of time, or something with templates in it that will be one."""
    return value if holds_template(value) else positive_time_period(value)


def signed_period(value: Any) -> Any:
    """A length of time that may be negative."""
    return time_period(value)


def number_or_entity(value: Any) -> float | str:
    """A limit: a number, or an entity whose state is one."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return entities_in("input_number", "number", "sensor", "zone")(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise vol.Invalid("expected float")
    return float(value)


@shaped({"type": "object"})
def variables(value: Any) -> dict[str, Any]:
    """A mapping of names to values or templates."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise vol.Invalid("expected dictionary")
    return {str(name): templates(item) for name, item in value.items()}


def at_least_one_of(*keys: str) -> Callable[[Any], Any]:
    """A mapping with one of these keys."""

    def check(value: Any) -> Any:
        if not any(key in value for key in keys):
            raise vol.Invalid(f"must contain at least one of {', '.join(keys)}.")
        return value

    return check


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def weekdays(value: Any) -> list[str]:
    """A weekday (`mon`) or several."""
    days = [day.strip() for day in value.split(",")] if isinstance(value, str) else as_list(value)
    for day in days:
        if day not in WEEKDAYS:
            raise vol.Invalid(f"value must be one of {sorted(WEEKDAYS)}")
    return days
