"""Saving and deleting single automations, scripts and scenes in the home's YAML files, for the editors of clients.

A change is validated, written (see `yaml_items`) and loaded, and the files are changed by one editor at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import gevent
import structlog
import voluptuous as vol

from marge.actors import native
from marge.automations import fields
from marge.automations.blueprints import plain
from marge.automations.expand import blueprints_of, expanded
from marge.automations.loading import load_automations
from marge.automations.loading_scripts import load_scripts
from marge.automations.references import check_references
from marge.automations.respell import respelled_actions
from marge.automations.scenes import load_scenes, validate_scene
from marge.automations.shared import shared_of
from marge.automations.validation import respell_automation, validate_automation, validate_script
from marge.automations.yaml_items import YamlItemError, compose, layout, put_item, remove_item
from marge.config import Location, YamlError, load_home, location_of, parse_yaml, unread_files
from marge.config.depth import MAX_DEPTH
from marge.errors import InvalidRequest, MargeError, Unavailable
from marge.model import Context, Event, is_too_deep
from marge.rereading import read_again
from marge.util.atomic import write_atomically
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.automations")
T = TypeVar("T")

RESERVED_SCRIPTS = ("reload", "toggle", "turn_off", "turn_on")
_AUTOMATION_ORDER = ("alias", "description", "triggers", "conditions", "actions")
_SCENE_ORDER = ("name", "entities")


class Malformed(InvalidRequest):
    """What a client wants to save is not valid. The text is HA's."""


@dataclass(frozen=True)
class Editable:
    """A kind of thing that editors change.

    Attributes:
        name: also the section of the configuration.
        as_list: how its file holds it: a list with `id`s, or a mapping.
        path: of its file.
        prepare: `(home, key, data)` to what is written; raises `vol.Invalid`.
        check: raises `vol.Invalid` for an item of a file that is not valid.
        load: loads the section's content anew.
        platform: of its entities, for the entity registry.
        reloaded: the event that tells of a load, where HA has one.
        key: the editors' key to the key of what is loaded; all_loaded: that, by its key.
    """

    name: str
    as_list: bool
    path: Callable[[Home], Path]
    prepare: Callable[[Home, str, dict[str, Any]], dict[str, Any]]
    check: Callable[[Any], object]
    load: Callable[[Home, Any], int]
    platform: str
    key: Callable[[str], str]
    all_loaded: Callable[[Home], Mapping[str, Any]]
    reloaded: str | None = None

    def found_elsewhere(self, home: Home, key: str) -> Location | None:
        """Where the item stands, when it was loaded from another file than the editors'."""
        loaded = self.all_loaded(home).get(self.key(key))
        where = None if loaded is None else location_of(loaded.raw)
        return None if where is None or self._is_mine(home, where) else where

    def has_loaded_file(self, home: Home) -> bool:
        """Whether something of the editors' file was loaded."""
        places = (location_of(each.raw) for each in self.all_loaded(home).values())
        return any(where is not None and self._is_mine(home, where) for where in places)

    def files(self, home: Home) -> set[str]:
        """The files in which its items stand that are loaded."""
        places = (location_of(each.raw) for each in self.all_loaded(home).values())
        return {str(where.file) for where in places if where is not None}

    def _is_mine(self, home: Home, where: Location) -> bool:
        return (home.config.config_dir / where.file).resolve() == self.path(home).resolve()

    def not_included(self, home: Home) -> YamlItemError:
        """The file is there, and nothing reads it."""
        name = self.path(home).name
        return YamlItemError(
            f"{name} is not part of the configuration: add `{self.name}: !include {name}` to configuration.yaml"
        )

    def is_loaded(self, home: Home, key: str) -> bool:
        """Whether the item of this key is there after a load."""
        return self.key(key) in self.all_loaded(home)


# -- what is written ---------------------------------------------------------------------------------------------------


def _prepare_automation(home: Home, key: str, data: dict[str, Any]) -> dict[str, Any]:
    given = respell_automation(data)
    if "actions" in given:
        given["actions"] = respelled_actions(given["actions"])
    value = {"id": key, **{name: given[name] for name in _AUTOMATION_ORDER if name in given}, **given}
    value["id"] = str(value["id"])
    config = validate_automation(expanded(value, blueprints_of(home, "automation", [value])))
    check_references(home, config)
    return value


def _prepare_script(home: Home, key: str, data: dict[str, Any]) -> dict[str, Any]:
    if key in RESERVED_SCRIPTS:
        raise vol.Invalid(f"A script's object_id must not be one of {', '.join(RESERVED_SCRIPTS)}")
    value = dict(data)
    if "sequence" in value:
        value["sequence"] = respelled_actions(value["sequence"])
    _mapping, config = validate_script(expanded(value, blueprints_of(home, "script", [value])))
    check_references(home, config)
    return value


def _prepare_scene(_home: Home, key: str, data: dict[str, Any]) -> dict[str, Any]:
    value = {"id": key, **{name: data[name] for name in _SCENE_ORDER if name in data}, **data}
    value["id"] = str(value["id"])
    try:
        validate_scene(value)
    except vol.MultipleInvalid as exc:
        for error in exc.errors:
            error.prepend(["states", 0])
        raise
    except vol.Invalid as exc:
        exc.prepend(["states", 0])
        raise
    return value


def explain(error: vol.Invalid) -> str:
    """What is wrong, in HA's words. Of several errors always the same one: parts in the order of the editors."""
    errors = error.errors if isinstance(error, vol.MultipleInvalid) else [error]
    parts = ("states", "use_blueprint", "triggers", "conditions", "actions", "sequence", "entities", "name")
    rank = {name: number for number, name in enumerate(parts)}

    def place(each: vol.Invalid) -> tuple[int, str]:
        last = str(each.path[-1]) if each.path else ""
        return (rank.get(last, -1) if "required" in str(each) else -1, str(each))

    first = min(errors, key=place)
    if len(first.path) >= 2 and first.path[0] == "triggers" and isinstance(first.path[1], int):
        # HA does not say which of several triggers is meant.
        return str(
            vol.Invalid(
                first.error_message, path=first.path[2:], error_message=first.error_message, error_type=first.error_type
            )
        )
    return str(first)


# -- the kinds ---------------------------------------------------------------------------------------------------------


AUTOMATION = Editable(
    "automation",
    True,
    lambda home: home.config.marge.automations_path or home.config.config_dir / "automations.yaml",
    _prepare_automation,
    validate_automation,
    load_automations,
    "automation",
    lambda key: f"id {key}",
    lambda home: shared_of(home).automations,
    "automation_reloaded",
)
SCRIPT = Editable(
    "script",
    False,
    lambda home: home.config.config_dir / "scripts.yaml",
    _prepare_script,
    validate_script,
    load_scripts,
    "script",
    lambda key: f"script.{slugify(key)}",
    lambda home: shared_of(home).scripts,
)
SCENE = Editable(
    "scene",
    True,
    lambda home: home.config.marge.scenes_path or home.config.config_dir / "scenes.yaml",
    _prepare_scene,
    validate_scene,
    load_scenes,
    "homeassistant",
    lambda key: f"id {key}",
    lambda home: shared_of(home).scenes,
    "scene_reloaded",
)


# -- files -------------------------------------------------------------------------------------------------------------


def read_text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as exc:
        raise YamlItemError(f"{path.name} cannot be read") from exc


def write_text(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, text.encode())


def _find(path: Path, as_list: bool, key: str) -> Any:
    text = read_text(path)
    if text is None:
        return None
    try:
        data, _problems = parse_yaml(text, path.name)
    except YamlError as exc:
        raise YamlItemError(str(exc)) from exc
    if as_list:
        items = data if isinstance(data, list) else []
        return next((plain(each) for each in items if isinstance(each, dict) and str(each.get("id")) == key), None)
    named = data if isinstance(data, dict) else {}
    return next((plain(item) for name, item in named.items() if str(name) == key), None)


def _put(path: Path, as_list: bool, key: str, value: dict[str, Any]) -> str | None:
    """Write the item; returns the text that was there."""
    before = read_text(path)
    found = layout(before or "", as_list)
    target = key
    if as_list and value["id"] != key and not any(each.key == key for each in found.items):
        target = str(value["id"])
    after = put_item(before or "", target, value, as_list, found)
    compose(after)  # never leave a file that cannot be read again
    write_text(path, after)
    return before


def _remove(path: Path, as_list: bool, key: str) -> bool:
    before = read_text(path)
    after = None if before is None else remove_item(before, key, as_list)
    if after is None:
        return False
    compose(after)
    write_text(path, after)
    return True


def on_disk(function: Callable[..., T], *args: Any) -> T:
    """The function in a native thread.

    Raises:
        Unavailable: the disk is full, or the folder may not be written to.
    """
    try:
        return native.attempt((MargeError, OSError), function, *args)
    except OSError as exc:
        raise Unavailable(f"the files cannot be changed: {exc.strerror or exc}") from exc


# -- the editors' verbs ------------------------------------------------------------------------------------------------


def find(home: Home, kind: Editable, key: str) -> Any:
    """The item as its file holds it, or None. Waits for the file.

    Raises:
        YamlItemError: the file cannot be read.
    """
    return on_disk(_find, kind.path(home), kind.as_list, key)


def save(home: Home, kind: Editable, key: str, data: Mapping[str, Any]) -> None:
    """Replace or add an item, and load it. Waits.

    Raises:
        Malformed: it is not valid.
        YamlItemError: the file is not of the usual shape, or not part of the configuration.
    """
    if is_too_deep(data, MAX_DEPTH):
        raise Malformed(f"nested more than {MAX_DEPTH} levels deep")
    try:
        with fields.checking_templates(home.templates.compile_check):
            value = kind.prepare(home, key, dict(data))
    except vol.Invalid as exc:
        raise Malformed(explain(exc)) from exc
    loaded_key = str(value["id"]) if kind.as_list else key
    put(home, kind, key, loaded_key, lambda: on_disk(_put, kind.path(home), kind.as_list, key, value))


def put(home: Home, kind: Editable, key: str, loaded_key: str, write: Callable[[], str | None]) -> None:
    """Write an item by `write`, which gives the text that was there, and load it; else the file is as before. Waits.

    Raises:
        Malformed: a file cannot be read then.
        YamlItemError: the item stands elsewhere, or nothing includes the file.
    """
    with shared_of(home).editing:
        elsewhere = kind.found_elsewhere(home, loaded_key)
        if elsewhere is not None:
            raise YamlItemError(f"`{key}` stands in {elsewhere}; change it there")
        before = write()
        try:
            _load_edited(home, kind)
        except Malformed:
            on_disk(write_text, kind.path(home), before)
            raise
        if kind.reloaded is not None:
            home.bus.publish(Event(kind.reloaded, {}, Context.new(), home.clock.now()))
        if not kind.is_loaded(home, loaded_key):
            on_disk(write_text, kind.path(home), before)
            raise kind.not_included(home)


def remove(home: Home, kind: Editable, key: str) -> bool:
    """Remove an item from its file, its entity and its registry entry. False when there is none. Waits.

    Raises:
        YamlItemError: the file is not of the usual shape.
    """
    with shared_of(home).editing:
        path = kind.path(home)
        before = on_disk(read_text, path)
        if not on_disk(_remove, path, kind.as_list, key):
            return False
        try:
            _load_edited(home, kind)  # HA's clients expect no event of it
        except Malformed:
            on_disk(write_text, path, before)
            raise
    registry = home.registries.entities
    entry = registry.by_unique_id(kind.name, kind.platform, key)
    if entry is not None and not kind.is_loaded(home, key):
        registry.remove(entry.entity_id)
    return True


def reload(home: Home, kind: Editable, context: Context | None = None) -> int:
    """Read the files anew; what did not change goes on undisturbed. Returns how many there are. Waits.

    Raises:
        HomeError: a file cannot be read; nothing has changed. (A start takes what can be read.)
    """
    sections = read_again(home).sections
    # In a greenlet of its own: an automation that reloads, and is changed by that, ends in the middle of its call.
    count = int(gevent.spawn(kind.load, home, sections.get(kind.name) or ([] if kind.as_list else {})).get())
    if kind.reloaded is not None:
        home.bus.publish(Event(kind.reloaded, {}, context or Context.new(), home.clock.now()))
    return count


def _load_edited(home: Home, kind: Editable) -> int:
    """Load what an editor has just written; how many there are. Other kinds' files that cannot be read do not matter.

    Raises:
        Malformed: a file with items of this kind cannot be read; nothing has changed.
    """
    config = native.run(load_home, home.config.config_dir)
    files = {kind.path(home).name} | kind.files(home)
    for problem in unread_files(config):
        if kind.name not in config.sections or problem.file in files or Path(problem.file or "").name in files:
            raise Malformed(str(problem))
    # In a greenlet of its own: an automation that changes itself ends in the middle of its call.
    return int(gevent.spawn(kind.load, home, config.sections.get(kind.name) or ([] if kind.as_list else {})).get())


def read_file(home: Home, kind: Editable) -> bytes:
    """The kind's file, byte for byte; empty when there is none. Waits."""
    return on_disk(_read_bytes, kind.path(home))


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def replace_file(home: Home, kind: Editable, data: bytes) -> int:
    """Put this text into the kind's file, byte for byte, and load it. Returns how many there are then. Waits.

    Raises:
        Malformed: it is not YAML, or not a list of valid items; the file is untouched.
    """
    try:
        parsed, problems = parse_yaml(data.decode("utf-8-sig"), kind.path(home).name)
    except (UnicodeDecodeError, YamlError) as exc:
        raise Malformed(str(exc)) from exc
    tags = [each for each in problems if "unknown tag" not in each.message]
    if tags:
        raise Malformed(str(tags[0]))
    if parsed is not None and not isinstance(parsed, list):
        raise Malformed(f"expected a list of {kind.name}s")
    found = blueprints_of(home, kind.name, parsed or [])
    for number, item in enumerate(parsed or []):
        try:
            if not isinstance(item, dict):
                raise vol.Invalid("expected a dictionary")
            if not problems:  # what stands behind a tag is not known here
                kind.check(expanded(item, found))
        except vol.Invalid as exc:
            exc.prepend([number])
            raise Malformed(str(exc)) from exc
    path = kind.path(home)
    with shared_of(home).editing:
        before = read_file(home, kind)
        on_disk(write_atomically, path, data)
        try:
            count = _load_edited(home, kind)
        except Malformed:
            on_disk(write_atomically, path, before)
            raise
        if parsed and not kind.has_loaded_file(home):
            on_disk(write_atomically, path, before)
            raise kind.not_included(home)
        return count
