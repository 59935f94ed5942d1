"""Helpers: entities that the home's own files define (`input_boolean:`, `timer:`, `zone:` …), or people make.

Here: reading a section entry by entry, so that a bad one is named and the rest loads, and reading it again on reload.
Not here: what any of them does; those that people make while the home runs (`_stored.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import Subscription
from marge.config import ConfigProblem, locate, location_of
from marge.domains._validators import icon, slug, string
from marge.entities import Entity
from marge.errors import AlreadyExists, InvalidRequest
from marge.model import Event
from marge.rereading import read_again
from marge.util.schema import LateSchema
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains")

NAME_AND_ICON: dict[Any, Any] = {vol.Optional("name"): string, vol.Optional("icon"): icon}


class HelperEntity(Entity):
    """A helper.

    Attributes:
        home: its home. object_id: its key in the file, or the id of its item. conf: its validated entry.
        editable: it was made by people while the home ran, not by the files.
    """

    editable = False
    _has_begun = False
    _has_ended = False

    def __init__(self, home: Home, object_id: str, conf: Mapping[str, Any]) -> None:
        self.home = home
        self.object_id = object_id
        self.unique_id = object_id
        self._take(conf)

    def _take(self, conf: Mapping[str, Any]) -> None:
        self.conf = conf
        self.name = conf.get("name")
        self.icon = conf.get("icon")

    def on_add(self) -> None:
        # Also called for an actor that was restarted: the entity is the same and has its value.
        has_ended, self._has_ended = self._has_ended, False
        if not self._has_begun:
            self._has_begun = True
            self.begin()
        elif has_ended:
            self.resume()

    def on_remove(self) -> None:
        self._has_ended = True

    def begin(self) -> None:
        """Take the first value: a configured or a restored one. Once, in the actor's turn."""

    def resume(self) -> None:
        """It was disabled and is enabled again: take up what `on_remove` ended. In the actor's turn."""

    def reconfigured(self) -> None:
        """`conf` has changed by a reload; in the actor's turn. Keep the value if it still fits."""

    def apply(self, values: Mapping[str, Any]) -> None:
        if "conf" in values:
            self._take(values["conf"])
            self.reconfigured()
            values = {key: value for key, value in values.items() if key != "conf"}
        super().apply(values)

    def restored(self) -> tuple[str, Mapping[str, Any]] | None:
        """State and attributes from before the restart, unless there were none worth keeping."""
        state = self.home.restored.get(self.entity_id)
        if state is None or state.state in ("unknown", "unavailable"):
            return None
        return state.state, state.attributes


class FollowingHelper(HelperEntity):
    """A helper whose state comes from the states of other entities."""

    _subscriptions: tuple[Subscription, ...] = ()

    def follow(self, entity_ids: Iterable[str], listener: Callable[[Event], None]) -> None:
        """Hear of changes of these entities, in place of those before. The bus calls `listener`: it must not wait."""
        self._unfollow()
        if self._has_ended:
            return  # disabled: `resume` is going to ask again
        entities = self.home.entities
        self._subscriptions = tuple(entities.follow(listener, each) for each in entity_ids)

    def on_remove(self) -> None:
        super().on_remove()
        self._unfollow()

    def _unfollow(self) -> None:
        for subscription in self._subscriptions:
            subscription.cancel()
        self._subscriptions = ()


Factory = Callable[["Home", str, Mapping[str, Any]], HelperEntity]


def report_problem(home: Home, section: str, name: object, error: Exception, node: object, path: Any = ()) -> None:
    """Say that one entry of a section is left out, with its place in the files."""
    where = locate(node, path)
    problem = ConfigProblem(
        "error",
        where.file if where else None,
        where.line if where else None,
        f"{section}.{name}",
        f"{section} `{name}` is left out: {error}",
    )
    known = home.shared.setdefault("config_problems", [])
    if problem not in known:  # each reload says it again
        known.append(problem)
    log.warning("a helper is left out", helper=f"{section}.{name}", error=str(error), where=problem.where or None)


def remove_helper(home: Home, entity: HelperEntity) -> None:
    """The helper is defined no more: it goes with its registry entry and what was remembered of it. Does not wait."""
    entities = home.registries.entities
    if entity.unique_id is not None:
        entry = entities.by_unique_id(entity.domain, entity.domain, entity.unique_id)
        if entry is not None:
            entities.remove(entry.entity_id)
    home.restored.pop(entity.entity_id, None)
    if home.entities.owned.get(entity.entity_id) is entity or entity.entity_id in home.entities.parked:
        home.entities.remove_later(entity.entity_id)


class Helpers:
    """The helpers of one section. `load` makes them; `reload` adds, changes and removes what has changed."""

    def __init__(self, home: Home, domain: str, schema: Any, make: Factory) -> None:
        self.home = home
        self.domain = domain
        self._schema: Callable[[Any], Any] = LateSchema(schema)
        self._make = make
        self._also: Callable[[], None] | None = None
        self._made: dict[str, tuple[HelperEntity, Mapping[str, Any]]] = {}

    def __contains__(self, object_id: object) -> bool:
        return object_id in self._made

    def confs(self) -> list[Mapping[str, Any]]:
        """The validated entries that there are, in order."""
        return [conf for _entity, conf in self._made.values()]

    def load(self, section: Any) -> None:
        wanted = self._read(section)
        for object_id in [each for each in self._made if each not in wanted]:
            remove_helper(self.home, self._made.pop(object_id)[0])
        for object_id, conf in wanted.items():
            made = self._made.get(object_id)
            if made is None:
                entity = self._make(self.home, object_id, conf)
                try:
                    self.home.entities.add(entity, f"{self.domain}.{object_id}", self.domain)
                except (AlreadyExists, InvalidRequest) as exc:
                    report_problem(self.home, self.domain, object_id, exc, section, (object_id,))
                    continue
            else:
                entity = made[0]
                if made[1] != conf:
                    self.home.entities.report(entity.entity_id, conf=conf)
            self._made[object_id] = (entity, conf)

    def register_reload(self, also: Callable[[], None] | None = None) -> None:
        """`<domain>.reload` reads the files again; `also` is called when they could be read."""
        self._also = also
        self.home.services.register(
            self.domain, "reload", self._reload, schema={}, description="Reads these helpers from the files again."
        )

    def _reload(self, _call: ServiceCall) -> None:
        config = read_again(self.home)
        self.load(config.sections.get(self.domain))
        if self._also is not None:
            self._also()

    def _read(self, section: Any) -> dict[str, Mapping[str, Any]]:
        if section is None:
            return {}
        if isinstance(section, list):  # `zone:` and `person:` are lists of entries with names or ids
            entries = [(_key_of(entry), entry) for entry in section]
        elif isinstance(section, dict):
            entries = list(section.items())
        else:
            report_problem(self.home, self.domain, "", vol.Invalid("expected a mapping"), section)
            return {}
        found: dict[str, Mapping[str, Any]] = {}
        for object_id, entry in entries:
            try:
                slug(object_id)
                found[str(object_id)] = self._schema({} if entry is None else entry)
            except vol.Invalid as exc:
                node = entry if location_of(entry) else section
                path = exc.path if node is entry else (object_id, *exc.path)
                report_problem(self.home, self.domain, object_id, exc, node, path)
        return found


def _key_of(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return ""
    return slugify(str(entry.get("id") or entry.get("name") or ""))
