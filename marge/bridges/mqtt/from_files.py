"""The section `mqtt:` of the files: entities that people describe instead of their devices. Pure but for the log.

Both forms are read: a list whose items name a component each (`- sensor: {…}`), and a mapping from components to their
items (`sensor: [{…}]`). What comes out are announcements like those of discovery.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import orjson
import voluptuous as vol

from marge.bridges.mqtt.component import Component
from marge.bridges.mqtt.discovery import Announced, DiscoveryKey
from marge.config import ConfigProblem, locate
from marge.config.problems import nearest
from marge.util.slug import slugify

SECTION = "mqtt"
FROM_FILES = "files"
"""The first word of the discovery ids of what the files describe."""

Components = Mapping[str, Callable[[Mapping[str, Any]], Component]]
Report = Callable[[ConfigProblem], None]


def is_from_files(key: DiscoveryKey) -> bool:
    """Whether the files describe this thing, and not a device."""
    return key.discovery_id.startswith(f"{FROM_FILES} ")


class Item(NamedTuple):
    """One entity of the files: its component, its configuration, and the path to it below `mqtt:`."""

    component: str
    node: Any
    path: tuple[Any, ...]


def items(section: Any, report: Report) -> Iterator[Item]:
    """Every entity that the section describes; what is none is reported."""
    parts = section if isinstance(section, list) else [section]
    for number, part in enumerate(parts):
        start: tuple[Any, ...] = (number,) if isinstance(section, list) else ()
        if part is None:
            continue
        if not isinstance(part, Mapping):
            report(_problem(section, start, "expected a mapping from a component to what it is made of"))
            continue
        for component, nodes in part.items():
            if isinstance(nodes, list):
                for index, node in enumerate(nodes):
                    yield Item(str(component), node, (*start, component, index))
            elif nodes is not None:
                yield Item(str(component), nodes, (*start, component))


def read(section: Any, components: Components, report: Report) -> Iterator[Announced | None]:
    """The section as announcements; None after each piece. What is wrong is reported and left out."""
    taken: set[DiscoveryKey] = set()
    for item in items(section, report) if section else ():
        announced = _read_one(section, item, components, report)
        if announced is not None:
            if announced.key in taken:
                unique_id = announced.config.get("unique_id")
                text = f"`unique_id` {unique_id} is taken" if unique_id else "this entity is described twice"
                report(_problem(section, item.path, f"{text}; this one is left out"))
            else:
                taken.add(announced.key)
                yield announced
        yield None


def _read_one(section: Any, item: Item, components: Components, report: Report) -> Announced | None:
    select = components.get(item.component)
    if select is None:
        guess = nearest(item.component, components)
        hint = f"did you mean `{guess}`?" if guess else "where the broker is stands under `marge:`"
        report(_problem(section, item.path, f"`{item.component}` is no component of MQTT", hint))
        return None
    if not isinstance(item.node, Mapping):
        report(_problem(section, item.path, f"expected a mapping that describes the {item.component}"))
        return None
    config = plain(item.node)
    try:
        component = select(config)
        valid = component.schema(config)
    except vol.Invalid as exc:
        error = exc.errors[0] if isinstance(exc, vol.MultipleInvalid) else exc
        report(_problem(section, (*item.path, *error.path), f"{item.component} is left out: {error}"))
        return None
    for key in config.keys() - valid.keys():
        text = f"'{key}' is an invalid option for 'mqtt'; the {item.component} is left out"
        report(_problem(section, (*item.path, key), text))
        return None
    identity = (
        config.get("unique_id")
        or hashlib.blake2b(
            orjson.dumps(config, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str), digest_size=8
        ).hexdigest()
    )
    object_id = slugify(str(config.get("object_id") or config.get("name") or config.get("unique_id") or item.component))
    return Announced(DiscoveryKey(item.component, f"{FROM_FILES} {identity}"), "", object_id, config, False)


def plain(node: Any) -> Any:
    """A copy without places in files."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    return [plain(each) for each in node] if isinstance(node, list) else node


def _problem(section: Any, path: tuple[Any, ...], message: str, hint: str | None = None) -> ConfigProblem:
    where = locate(section, path)
    file, line = where if where else (None, None)
    return ConfigProblem("error", file, line, ".".join(str(step) for step in (SECTION, *path)), message, hint)
