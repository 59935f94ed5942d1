"""Blueprints: automations, scripts and template entities with holes (`!input`) that their users fill.

Files below `<config>/blueprints`.

Reading and writing files blocks: the functions that take a folder are for a native thread. Not here: HTTP, loading.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import voluptuous as vol
import yaml

from marge.automations import fields
from marge.automations.selectors import normalize_selector
from marge.config import Input, YamlError, parse_yaml
from marge.config.nodes import Unresolved
from marge.errors import AlreadyExists, MargeError
from marge.util.atomic import write_atomically
from marge.util.schema import LateSchema

DOMAINS = ("automation", "script", "template")
FOLDER = "blueprints"
KEY = "use_blueprint"
MAX_BYTES = 256 * 1024
MAX_LISTED = 1_000
"""Files of one domain that are looked at; a folder with more is not a folder of blueprints."""
_PATH = re.compile(r"^[^\x00-\x1f\\:]{1,200}\Z")


class BlueprintError(MargeError):
    """A blueprint cannot be had or used. The text is HA's."""


class MissingFile(BlueprintError):
    """There is no such file."""


@dataclass(frozen=True)
class Blueprint:
    """One blueprint.

    Attributes:
        metadata: what it says of itself, as HA lists it.
        inputs: input name to its description; sections laid out flat.
        body: everything beside `blueprint:`, with `Input`s in it.
        text: the file.
    """

    domain: str
    path: str | None
    metadata: dict[str, Any]
    inputs: dict[str, dict[str, Any]]
    body: dict[str, Any]
    text: str

    def missing(self, given: Mapping[str, Any]) -> list[str]:
        """Inputs that have no default and were not given, sorted."""
        return sorted(
            name for name, each in self.inputs.items() if name not in given and "default" not in each
        )

    def unmet(self, version: str) -> list[str] | None:
        """What this server lacks for it, in words; None: nothing."""
        wanted = (self.metadata.get("homeassistant") or {}).get("min_version")
        if wanted is None or _numbers(wanted) <= _numbers(version):
            return None
        return [f"Requires at least Home Assistant {wanted}"]

    def substitute(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The body with its holes filled.

        Raises:
            BlueprintError: an input is missing.
        """
        missing = self.missing(given)
        if missing:
            raise BlueprintError(f"Missing input {', '.join(missing)}")
        values = {name: each["default"] for name, each in self.inputs.items() if "default" in each}
        values.update(given)
        filled: dict[str, Any] = _fill(self.body, values)
        return filled


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _fill(value: Any, given: Mapping[str, Any]) -> Any:
    if isinstance(value, Input):
        return given[value.name]
    if isinstance(value, dict):
        return {key: _fill(item, given) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, given) for item in value]
    return value


def inputs_named(value: Any) -> Iterator[str]:
    """The names of the holes anywhere in `value`."""
    if isinstance(value, Input):
        yield value.name
    elif isinstance(value, dict):
        for item in value.values():
            yield from inputs_named(item)
    elif isinstance(value, list):
        for item in value:
            yield from inputs_named(item)


# -- parsing -----------------------------------------------------------------------------------------------------------


def _selector(value: Any) -> dict[str, Any]:
    return {} if value is None else normalize_selector(value)


_INPUT = LateSchema(
    {
        vol.Optional("name"): str,
        vol.Optional("description"): str,
        vol.Optional("default"): object,
        vol.Optional("selector"): _selector,
    }
)


def _input(value: Any) -> dict[str, Any]:
    checked: dict[str, Any] = {} if value is None else _INPUT(value)
    return checked


def _input_or_section(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping) and "input" in value:
        section: dict[str, Any] = _SECTION(value)
        return section
    return _input(value)


_SECTION = LateSchema(
    {
        vol.Optional("name"): str,
        vol.Optional("icon"): str,
        vol.Optional("description"): str,
        vol.Optional("collapsed"): fields.boolean,
        vol.Required("input"): {str: _input},
    }
)
_METADATA = LateSchema(
    {
        vol.Required("name"): str,
        vol.Optional("description"): str,
        vol.Required("domain"): str,
        vol.Optional("source_url"): str,
        vol.Optional("author"): str,
        vol.Optional("homeassistant"): {vol.Optional("min_version"): fields.string},
        vol.Optional("input", default=dict): {str: _input_or_section},
    }
)
_ORDER = ("name", "description", "domain", "source_url", "author", "homeassistant", "input")


def parse_blueprint(text: str, domain: str | None = None, path: str | None = None) -> Blueprint:
    """A blueprint from its text.

    Args:
        domain: what it must be for; None: whatever it is for.

    Raises:
        YamlError: it is no YAML.
        BlueprintError: it is no blueprint, or one for something else.
    """
    if len(text) > MAX_BYTES:
        raise BlueprintError(f"a blueprint of more than {MAX_BYTES // 1024} KB is not taken")
    data, _problems = parse_yaml(text, path or "blueprint")
    where = f" {path}" if path else ""
    if not isinstance(data, Mapping) or not isinstance(data.get("blueprint"), Mapping):
        raise BlueprintError(f"Invalid blueprint{where}: required key not provided @ data['blueprint']")
    try:
        metadata = _METADATA(plain(data["blueprint"]))
    except vol.Invalid as exc:
        exc.prepend(["blueprint"])
        raise BlueprintError(f"Invalid blueprint{where}: {exc}") from exc
    if domain is not None and metadata["domain"] != domain:
        raise BlueprintError(
            f"Found incorrect blueprint type {metadata['domain']}, expected {domain}"
        )
    inputs: dict[str, dict[str, Any]] = {}
    for name, each in metadata["input"].items():
        found = each.get("input", {name: each})
        for inner in found:
            if inner in inputs:
                raise BlueprintError(f"Invalid blueprint{where}: duplicate use of input key {inner} in blueprint.")
        inputs.update(found)
    body = {str(key): item for key, item in data.items() if key != "blueprint"}
    unknown = sorted(set(inputs_named(body)) - set(inputs))
    if unknown:
        raise BlueprintError(f"Missing input definition for {', '.join(unknown)}")
    shown = {key: metadata[key] for key in _ORDER if key in metadata}
    return Blueprint(metadata["domain"], path, shown, inputs, body, text)


def plain(value: Any) -> Any:
    """Parsed YAML as ordinary dicts and lists; what could not be read as the text of its tag."""
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Input):
        return f"!input {value.name}"
    if isinstance(value, Unresolved):
        return value.what
    return value


def yaml_complaint(text: str, error: YamlError) -> str:
    """What is wrong with a text that is no YAML, with the place, as HA shows it."""
    try:
        yaml.compose(text, Loader=yaml.SafeLoader)  # the one that quotes the line
    except yaml.YAMLError as exc:
        return str(exc)
    return str(error)


# -- files -------------------------------------------------------------------------------------------------------------


def file_of(config_dir: Path, domain: str, path: str) -> Path:
    """The file of a blueprint; it need not exist.

    Raises:
        BlueprintError: the path leads out of the folder, or the domain has no blueprints.
    """
    parts = PurePosixPath(path).parts
    bad = not _PATH.match(path) or path.startswith(("/", "~")) or not parts
    if domain not in DOMAINS or bad or any(part in ("..", ".") or part.startswith(".") for part in parts):
        raise BlueprintError(f"Invalid blueprint path {path}")
    folder = (config_dir / FOLDER / domain).resolve()
    file = folder.joinpath(*parts)
    if not file.resolve().is_relative_to(folder):  # a link that leads elsewhere
        raise BlueprintError(f"Invalid blueprint path {path}")
    return file


def read_blueprint(config_dir: Path, domain: str, path: str) -> Blueprint:
    """The blueprint at `path` in the domain's folder. Blocks.

    Raises:
        BlueprintError: with HA's text.
    """
    file = file_of(config_dir, domain, path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BlueprintError(f"Failed to load blueprint: {path} is larger than {MAX_BYTES // 1024} KB")
        text = file.read_text("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as exc:
        raise MissingFile(f"Failed to load blueprint: Unable to find {path}") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise BlueprintError(f"Failed to load blueprint: {path} cannot be read") from exc
    try:
        return parse_blueprint(text, domain, path)
    except YamlError as exc:
        raise BlueprintError(f"Failed to load blueprint: {exc}") from exc


def list_blueprints(config_dir: Path, domain: str) -> dict[str, Blueprint | str]:
    """Path to blueprint, or to what is wrong with it. Blocks."""
    folder = config_dir / FOLDER / domain
    if domain not in DOMAINS or not folder.is_dir():
        return {}
    found: dict[str, Blueprint | str] = {}
    for file in sorted(folder.rglob("*.yaml"))[:MAX_LISTED]:
        path = file.relative_to(folder).as_posix()
        try:
            found[path] = read_blueprint(config_dir, domain, path)
        except BlueprintError as exc:
            found[path] = str(exc)
    return found


def save_blueprint(
    config_dir: Path, blueprint: Blueprint, path: str, source_url: str | None, override: bool
) -> bool:
    """Write a blueprint's file. Returns whether it took the place of another one. Blocks.

    Raises:
        AlreadyExists: there is one, and `override` is not set.
        BlueprintError: the path is not allowed.
    """
    file = file_of(config_dir, blueprint.domain, path)
    exists = file.exists()
    if exists and not override:
        raise AlreadyExists("File already exists")
    text = blueprint.text
    if source_url is not None and "source_url" not in blueprint.metadata:
        text = _with_source(text, source_url)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, text.encode())
    return exists


def _with_source(text: str, source_url: str) -> str:
    """The text with `source_url:` as the first line of its `blueprint:` block, when that is in block style."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:-1]):
        if re.match(r"blueprint:\s*(#.*)?$", line):
            rest = next((each for each in lines[number + 1 :] if each.strip() and not each.strip().startswith("#")), "")
            indent = len(rest) - len(rest.lstrip())
            if indent:
                lines.insert(number + 1, " " * indent + "source_url: " + yaml.safe_dump(source_url).split("\n")[0])
            break
    return "\n".join(lines)


def delete_blueprint(config_dir: Path, domain: str, path: str) -> None:
    """Remove a blueprint's file, and its folder when that is empty then. Blocks.

    Raises:
        OSError: there is none.
        BlueprintError: the path is not allowed.
    """
    file = file_of(config_dir, domain, path)
    os.unlink(file)
    top = (config_dir / FOLDER / domain).resolve()
    parent = file.parent
    while parent.resolve() != top and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent


# -- use ---------------------------------------------------------------------------------------------------------------

_USE = LateSchema({vol.Required("path"): str, vol.Optional("input", default=dict): dict})


def used_path(raw: Any) -> str | None:
    """The path of the blueprint that an automation, a script or a template entity uses, or None."""
    use = raw.get(KEY) if isinstance(raw, Mapping) else None
    path = use.get("path") if isinstance(use, Mapping) else None
    return path if isinstance(path, str) else None


def apply(raw: Mapping[str, Any], blueprint: Blueprint) -> dict[str, Any]:
    """The automation or script that comes of a blueprint and its user's words; the user's win.

    Raises:
        vol.Invalid: `use_blueprint` is malformed, or an input is missing.
    """
    try:
        use = _USE(dict(raw[KEY]) if isinstance(raw[KEY], Mapping) else raw[KEY])
    except vol.Invalid as exc:
        exc.prepend([KEY])
        raise
    try:
        filled = blueprint.substitute(use["input"])
    except BlueprintError as exc:
        raise vol.Invalid(str(exc)) from exc
    return {**filled, **{key: item for key, item in raw.items() if key != KEY}}
