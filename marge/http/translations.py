"""Texts and icons for front ends: of the files in `texts/`, and what follows from services and device automations.

A text has a flat key such as `component.light.entity_component._.state.on`. The files lie in `texts/<language>/`, one a
category, and are read when they are asked for: front ends ask once, and kept they would take a megabyte a language.
`made.json` has the words for what is not written for front ends, by what it says: names and descriptions of services,
and what was made of an id ("Brightness pct"). Not here: which client wants what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from marge.automations.device_table import ACTIONS, CONDITIONS, TRIGGERS, How
from marge.components import components
from marge.home import Home
from marge.http.flow_texts import CATEGORIES as FLOW_CATEGORIES
from marge.http.flow_texts import flow_texts
from marge.model import loads

FALLBACK = "en"
_LANGUAGES = ("de", "en")
_CATEGORIES = frozenset(
    (
        "config",
        "device_automation",
        "entity",
        "entity_component",
        "exceptions",
        "issues",
        "options",
        "selector",
        "title",
    )
)
"""Those that there are files of."""
_SCRIPTS = "component.script.services."
_SERVICES_OF_SCRIPTS = ("reload", "toggle", "turn_off", "turn_on")
ICON_CATEGORIES = ("entity", "entity_component", "services")

Flat = dict[str, str]


def translations(home: Home, language: str, category: str, domains: Iterable[str] | None = None) -> Flat:
    """The texts of one category, by flat key. In English where the language has none; of an unknown category, none.

    Args:
        language: `de`, `de-CH`, …
        category: `entity_component`, `services`, `title`, …
        domains: whose texts; None: all.
    """
    wanted = None if domains is None else frozenset(domains)
    known = _known(language)
    found: Flat = {}
    if category == "services":
        found.update(_service_texts(home, wanted))
    elif category == "device_automation":
        found.update(_device_automation_texts(wanted))
    elif category in FLOW_CATEGORIES:
        found.update(flow_texts(home, category, wanted))
    elif category == "title":
        loaded = {name.partition(".")[0] for name in components(home)}
        found.update(
            {f"component.{name}.title": _words(name) for name in sorted(loaded) if wanted is None or name in wanted}
        )
    if found:
        say = _made_words(known)
        found = {key: text if _is_persons(key) else say(text) for key, text in found.items()}
    if category in _CATEGORIES:
        for each in dict.fromkeys((FALLBACK, known)):
            for domain, texts in _file(each, category).items():
                if wanted is None or domain in wanted:
                    found.update(_flatten(f"component.{domain}.{category}", texts))
    return found


def icons(category: str, domains: Iterable[str] | None = None) -> dict[str, Any]:
    """The icons of one category, by domain.

    Args:
        domains: whose icons; None: all.
    """
    table = _file("icons")
    wanted = table if domains is None else domains
    return {domain: table[domain][category] for domain in wanted if category in table.get(domain, {})}


# -- the files ---------------------------------------------------------------------------------------------------------


def _file(*place: str) -> Mapping[str, Any]:
    """One of the files. Blocks for half a millisecond."""
    *folders, name = place
    found: dict[str, Any] = loads(files("marge.http.texts").joinpath(*folders, f"{name}.json").read_bytes())
    return found


def _is_persons(key: str) -> bool:
    """Whether a person gave the name, to a script of theirs: it is nobody's to translate."""
    return key.startswith(_SCRIPTS) and key.removeprefix(_SCRIPTS).partition(".")[0] not in _SERVICES_OF_SCRIPTS


def _made_words(language: str) -> Callable[[str], str]:
    """From what was made to what people read. What has no words of its own stays."""
    words: Mapping[str, str] = _file(language, "made")

    def say(text: str) -> str:
        found = words.get(text)
        if found is not None:
            return found
        # A field's description is often its name and a full stop.
        return f"{words[text[:-1]]}." if text.endswith(".") and text[:-1] in words else text

    return say


def _known(language: str) -> str:
    """The language of ours that is meant."""
    base = language.lower().partition("-")[0]
    return base if base in _LANGUAGES else FALLBACK


def _flatten(prefix: str, texts: Any) -> Iterator[tuple[str, str]]:
    if isinstance(texts, str):
        yield prefix, texts
        return
    for key, value in texts.items():
        yield from _flatten(f"{prefix}.{key}", value)


# -- what follows from something else ----------------------------------------------------------------------------------


def _service_texts(home: Home, wanted: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    for domain, services in home.services.describe().items():
        if wanted is not None and domain not in wanted:
            continue
        for name, service in services.items():
            key = f"component.{domain}.services.{name}"
            yield f"{key}.name", service.get("name") or _words(name)
            yield f"{key}.description", service.get("description") or _words(name)
            yield from _field_texts(key, service.get("fields") or {})


def _field_texts(key: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, field in fields.items():
        if "fields" in field:  # a group that front ends fold away
            yield f"{key}.sections.{name}.name", field.get("name") or _words(name)
            yield from _field_texts(key, field["fields"])
            continue
        yield f"{key}.fields.{name}.name", field.get("name") or _words(name)
        yield f"{key}.fields.{name}.description", field.get("description") or _words(name)


def _device_automation_texts(wanted: frozenset[str] | None) -> Iterator[tuple[str, str]]:
    kinds = (("trigger_type", TRIGGERS), ("condition_type", CONDITIONS), ("action_type", ACTIONS))
    for kind, table in kinds:
        for domain, offered in table.items():
            if wanted is not None and domain not in wanted:
                continue
            for each in offered:
                yield f"component.{domain}.device_automation.{kind}.{each.type}", _sentence(kind, each)
                for name in each.fields:
                    if name == "for":
                        continue  # front ends have a word of their own for it
                    yield f"component.{domain}.device_automation.extra_fields.{name}", _words(name)


def _sentence(kind: str, how: How) -> str:
    words = how.type.replace("_", " ")
    return f"{words[:1].upper()}{words[1:]} {{entity_name}}" if kind == "action_type" else f"{{entity_name}} {words}"


def _words(key: str) -> str:
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:]
