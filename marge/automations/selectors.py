"""Selectors of blueprints' inputs and scripts' fields, in the full form in which clients get them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import voluptuous as vol

from marge.automations import fields
from marge.util.schema import boolean

KNOWN = frozenset(
    {
        "action", "addon", "area", "areas_display", "assist_pipeline", "attribute", "backup_location", "boolean",
        "color_rgb", "color_temp", "condition", "config_entry", "constant", "conversation_agent", "country", "date",
        "datetime", "device", "duration", "entity", "file", "floor", "icon", "label", "language", "location", "media",
        "number", "object", "qr_code", "select", "state", "statistic", "target", "template", "text", "theme", "time",
        "trigger",
    }
)


def _texts(value: Any) -> list[str]:
    return [fields.string(each) for each in fields.as_list(value)]


def _filter(value: Any) -> list[dict[str, Any]]:
    found = []
    for each in fields.as_list(value):
        if not isinstance(each, Mapping):
            raise vol.Invalid("expected a dictionary")
        found.append({str(key): _filter_value(str(key), item) for key, item in each.items()})
    return found


def _filter_value(key: str, value: Any) -> Any:
    if key in ("domain", "device_class", "supported_features"):
        return _texts(value)
    return _filter(value) if key in ("entity", "device") else value


def _entity(options: dict[str, Any]) -> dict[str, Any]:
    for key in ("domain", "device_class"):
        if key in options:
            options[key] = _texts(options[key])
    if "filter" in options:
        options["filter"] = _filter(options["filter"])
    options["multiple"] = boolean(options.get("multiple", False))
    return options


def _device(options: dict[str, Any]) -> dict[str, Any]:
    for key in ("filter", "entity", "device"):
        if key in options:
            options[key] = _filter(options[key])
    options["multiple"] = boolean(options.get("multiple", False))
    return options


def _target(options: dict[str, Any]) -> dict[str, Any]:
    for key in ("entity", "device"):
        if key in options:
            options[key] = _filter(options[key])
    return options


def _number(options: dict[str, Any]) -> dict[str, Any]:
    for key in ("min", "max", "step"):
        if key in options and options[key] != "any":
            options[key] = vol.Coerce(float)(options[key])
    options.setdefault("step", 1.0)
    options.setdefault("mode", "slider" if "min" in options and "max" in options else "box")
    if options["mode"] == "slider" and not ("min" in options and "max" in options):
        raise vol.Invalid("min and max are required in slider mode")
    return options


def _select(options: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(options.get("options"), list):
        raise vol.Invalid("required key not provided", path=["options"])
    for key in ("multiple", "custom_value", "sort"):
        options[key] = boolean(options.get(key, False))
    return options


def _text(options: dict[str, Any]) -> dict[str, Any]:
    for key in ("multiline", "multiple"):
        if key in options:
            options[key] = boolean(options[key])
    return options


_FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "entity": _entity, "device": _device, "area": _device, "floor": _device, "target": _target, "number": _number,
    "select": _select, "text": _text,
}


def normalize_selector(value: Any) -> dict[str, Any]:
    """`{kind: options}` with the options' defaults.

    Raises:
        vol.Invalid: there is no such selector, or its options are malformed.
    """
    if not isinstance(value, Mapping) or len(value) != 1:
        raise vol.Invalid(f"Only one type can be specified. Found {', '.join(map(str, value)) if value else 'none'}")
    kind, options = next(iter(value.items()))
    if kind not in KNOWN:
        raise vol.Invalid(f"Unknown selector type {kind} found")
    if options is None:
        options = {}
    if not isinstance(options, Mapping):
        raise vol.Invalid("expected a dictionary", path=[kind])
    form = _FORMS.get(kind)
    checked = dict(options)
    try:
        return {kind: checked if form is None else form(checked)}
    except vol.Invalid as exc:
        exc.prepend([kind])
        raise
