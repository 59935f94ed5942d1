"""The top-level keys put together: labelled keys (`automation kitchen:`) and packages. Not here: single values."""

from __future__ import annotations

from typing import Any

from marge.config.keys import LIST_SECTIONS, NOT_SUPPORTED, known_sections
from marge.config.nodes import Location, NodeDict, NodeList, Unresolved, location_of
from marge.config.problems import ConfigProblem, Problems, Severity, nearest
from marge.config.reader import extend

_PACKAGE_MAY_NOT = {"homeassistant", "marge"}


def gather(root: NodeDict, problems: Problems) -> NodeDict:
    """The sections by their plain key, packages included, unknown ones reported and left out."""
    sections = NodeDict(location=root.location)
    for key, value in root.items():
        _take(sections, key, value, location_of(root, key), "", problems)
    core = root.get("homeassistant")
    packages = core.get("packages") if isinstance(core, NodeDict) else None
    if packages is not None and not isinstance(packages, Unresolved):
        _take_packages(sections, packages, location_of(core, "packages"), problems)
    return sections


def _take_packages(sections: NodeDict, packages: Any, where: Location | None, problems: Problems) -> None:
    if not isinstance(packages, NodeDict):
        _report(problems, "error", where, "homeassistant.packages", "`packages:` wants names and their content")
        return
    for name, package in packages.items():
        path = f"homeassistant.packages.{name}"
        if isinstance(package, Unresolved) or package is None:
            continue
        if not isinstance(package, NodeDict):
            _report(problems, "error", location_of(packages, name), path, f"the package `{name}` is not a mapping")
            continue
        for key, value in package.items():
            if key in _PACKAGE_MAY_NOT:
                message = f"a package cannot set `{key}:`"
                _report(problems, "error", location_of(package, key), f"{path}.{key}", message)
            else:
                _take(sections, key, value, location_of(package, key), f"{path}.", problems)


def _take(
    sections: NodeDict, key: object, value: Any, where: Location | None, prefix: str, problems: Problems
) -> None:
    path = f"{prefix}{key}"
    if not isinstance(key, str):
        _report(problems, "error", where, path, f"the key {key!r} is not a word", "quote it")
        return
    section = key.split(" ", 1)[0]
    known = known_sections()
    if section not in known:
        if section in NOT_SUPPORTED:
            _report(problems, "warning", where, path, f"`{section}:` is not supported by Marge and has no effect")
        else:
            close = nearest(section, sorted(known))
            hint = f"did you mean `{close}`?" if close else None
            _report(problems, "error", where, path, f"unknown key `{key}`", hint)
        return
    if isinstance(value, Unresolved):
        return
    if section in LIST_SECTIONS:
        _add_to_list(sections, section, value, where)
    elif section not in sections:
        # a copy, so that merging a package never writes into what YAML aliases share
        sections[section] = _copy(value) if isinstance(value, NodeDict) else value
        _place(sections, section, where)
    else:
        _merge(sections, section, value, where, path, problems)


def _add_to_list(sections: NodeDict, section: str, value: Any, where: Location | None) -> None:
    """Lists are joined; a single mapping is a list of one, as HA reads it. An empty section stays what it is."""
    before = sections.get(section)
    if before is None and (value is None or isinstance(value, NodeList) or section == "mqtt"):
        sections[section] = value
    else:
        joined = NodeList(location=location_of(before) or location_of(value) or where)
        for part in (before, value):
            if isinstance(part, NodeList):
                extend(joined, part)
            elif part is not None:
                joined.append(part)
                joined.item_locations.append(location_of(part) or where or 1)
        sections[section] = joined
    _place(sections, section, where)


def _merge(
    into: NodeDict, key: Any, value: Any, where: Location | None, path: str, problems: Problems
) -> None:
    """Add `value` to what `key` holds already: mappings key by key, lists joined, anything else stays as it was."""
    before = into.get(key)
    if value is None:
        return
    if before is None:
        into[key] = value
        _place(into, key, where)
    elif isinstance(before, NodeDict) and isinstance(value, NodeDict):
        merged = _copy(before)
        for name, item in value.items():
            if name in merged:
                _merge(merged, name, item, location_of(value, name), f"{path}.{name}", problems)
            else:
                merged[name] = item
                _place(merged, name, location_of(value, name))
        into[key] = merged
    elif isinstance(before, NodeList) and isinstance(value, NodeList):
        joined = NodeList(location=before.location)
        extend(joined, before)
        extend(joined, value)
        into[key] = joined
    elif before != value:
        first = location_of(into, key)
        message = f"`{path}` is set already" + (f" in {first}" if first else "")
        _report(problems, "error", where, path, message, "the first one counts")


def _copy(node: NodeDict) -> NodeDict:
    copy = NodeDict(node, location=node.location)
    copy.key_locations = dict(node.key_locations)
    return copy


def _place(node: NodeDict, key: Any, where: Location | None) -> None:
    if where is not None:
        node.key_locations.setdefault(key, where)


def _report(
    problems: Problems, severity: Severity, where: Location | None, path: str, message: str, hint: str | None = None
) -> None:
    file, line = where if where else (None, None)
    problems.add(ConfigProblem(severity, file, line, path, message, hint))
