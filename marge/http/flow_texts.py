"""Texts for the forms of the flows, made of the forms themselves, for front ends that have no better ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marge.home import Home
from marge.integrations._helper_flow import HelperFlow, HelperForm
from marge.integrations.base import Integration
from marge.integrations.host import host_of

_UNITS = "unit_of_measurement"
"""Lists of these are shown as they are: kWh is not KWh."""
CATEGORIES = frozenset(("config", "options", "selector"))
_ABORTS = {
    "already_configured": "It is there already.",
    "set_up_in_files": "It is set up in the configuration files.",
    "single_instance_allowed": "It can be added only once.",
}
_ERRORS = {
    "need_lower_upper": "Give a lower or an upper limit.",
    "tariffs_not_unique": "Two tariffs have the same name.",
    "too_many_tariffs": "There are too many tariffs.",
}


def flow_texts(home: Home, category: str, wanted: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    """Key and text of one of `CATEGORIES`, of these domains (all when None)."""
    for domain, integration in host_of(home).integrations.items():
        if integration.flow is None or (wanted is not None and domain not in wanted):
            continue
        if issubclass(integration.flow, HelperFlow):
            if category == "selector":
                yield from _selector_texts(domain, integration.flow.forms)
            else:
                yield from _form_texts(domain, category, integration)
        if category == "config":
            yield from ((f"component.{domain}.config.abort.{reason}", text) for reason, text in _ABORTS.items())


def _form_texts(domain: str, category: str, integration: Integration) -> Iterator[tuple[str, str]]:
    assert integration.flow is not None and issubclass(integration.flow, HelperFlow)
    flow, key = integration.flow, f"component.{domain}.{category}"
    is_config = category == "config"
    if flow.type_key is not None and is_config:
        yield f"{key}.step.user.title", f"Add: {integration.title}"
        yield from ((f"{key}.step.user.menu_options.{step}", words(step)) for step in flow.forms)
    for step, form in flow.forms.items():
        shown = step if flow.type_key is not None or is_config else "init"
        title = words(step) if flow.type_key is not None else integration.title
        yield f"{key}.step.{shown}.title", f"Add: {title}" if is_config else title
        for field in form.fields(()):
            if field.later if is_config else field.once:
                continue
            yield f"{key}.step.{shown}.data.{field.name}", words(field.name)
    yield from ((f"{key}.error.{code}", text) for code, text in _ERRORS.items())


def _selector_texts(domain: str, forms: Mapping[str, HelperForm]) -> Iterator[tuple[str, str]]:
    for form in forms.values():
        for field in form.fields(()):
            config: Mapping[str, Any] = field.selector.config
            key = config.get("translation_key")
            if key is None:
                continue
            for option in config["options"]:
                if isinstance(option, str):
                    shown = option if key.endswith(_UNITS) else words(option)
                    yield f"component.{domain}.selector.{key}.options.{option}", shown


def words(key: str) -> str:
    """`after_time` as people write it."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]
