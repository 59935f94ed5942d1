"""Helpers: entities that the home's own files define (`input_boolean:`, `timer:`, `zone:` …).

Here: reading a section entry by entry, so that a bad one is named and the rest loads, and reading it again on reload.
Not here: what any of them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import Subscription, native
from marge.config import ConfigProblem, load_home, locate, location_of
from marge.domains._validators import icon, slug, string
from marge.entities import Entity
from marge.errors import AlreadyExists, InvalidRequest
from marge.model import STATE_CHANGED, Event
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains")

NAME_AND_ICON: dict[Any, Any] = {vol.Optional("name"): string, vol.Optional("icon"): icon}


class HelperEntity(Entity):
    """A helper from the files.

    Attributes:
        home: its home. object_id: its key in the file. conf: its validated entry.
    """

    _has_begun = False

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
        if not self._has_begun:
            self._has_begun = True
            self.begin()

    def begin(self) -> None:
        """Take the first value: a configured or a restored one. Once, in the actor's turn."""

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
        state = self.home.restored.get(f"{self.domain}.{self.object_id}")
        if state is None or state.state in ("unknown", "unavailable"):
            return None
        return state.state, state.attributes


class FollowingHelper(HelperEntity):
    """A helper whose state comes from the states of other entities."""

    _subscriptions: tuple[Subscription, ...] = ()

    def follow(self, entity_ids: Iterable[str], listener: Callable[[Event], None]) -> None:
        """Hear of changes of these entities, in place of those before. The bus calls `listener`: it must not wait."""
        self._unfollow()
        bus = self.home.bus
        self._subscriptions = tuple(bus.subscribe(listener, STATE_CHANGED, each) for each in entity_ids)

    def on_remove(self) -> None:
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
    home.shared.setdefault("config_problems", []).append(problem)
    log.warning("a helper is left out", helper=f"{section}.{name}", error=str(error), where=problem.where or None)


class Helpers:
    """The helpers of one section. `load` makes them; `reload` adds, changes and removes what has changed."""

    def __init__(self, home: Home, domain: str, schema: Any, make: Factory) -> None:
        self.home = home
        self.domain = domain
        self._schema: Callable[[Any], Any] = vol.Schema(schema)
        self._make = make
        self._confs: dict[str, Mapping[str, Any]] = {}

    def load(self, section: Any) -> None:
        wanted = self._read(section)
        for object_id in [each for each in self._confs if each not in wanted]:
            del self._confs[object_id]
            self.home.entities.remove_later(f"{self.domain}.{object_id}")
        for object_id, conf in wanted.items():
            entity_id = f"{self.domain}.{object_id}"
            if object_id not in self._confs:
                try:
                    self.home.entities.add(self._make(self.home, object_id, conf), entity_id, self.domain)
                except (AlreadyExists, InvalidRequest) as exc:
                    report_problem(self.home, self.domain, object_id, exc, section, (object_id,))
                    continue
            elif self._confs[object_id] != conf:
                self.home.entities.report(entity_id, conf=conf)
            self._confs[object_id] = conf

    def register_reload(self) -> None:
        """`<domain>.reload` reads the files again."""
        self.home.services.register(
            self.domain, "reload", self._reload, schema={}, description="Reads these helpers from the files again."
        )

    def _reload(self, _call: ServiceCall) -> None:
        config = native.run(load_home, self.home.config.config_dir)
        self.load(config.sections.get(self.domain))

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
