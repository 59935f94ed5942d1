"""Helpers that people make while the home runs: a collection of items, and an entity for each.

Here: an entity appears, changes and goes with its item, at once. Not here: what an item holds (each domain says), and
how clients change items (`marge.http.ws`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pykka
import structlog
import voluptuous as vol

from marge.domains._helpers import Factory, HelperEntity, Helpers, remove_helper
from marge.domains._validators import icon
from marge.entities import Report
from marge.errors import MargeError
from marge.storage.collection import Change, Collection, Item, collections_of
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains")

NAME = vol.All(str, vol.Length(min=1, max=255))
NAMED: dict[Any, Any] = {vol.Required("name"): NAME, vol.Optional("icon"): icon}
SEEN_TIMEOUT_S = 5.0

ConfOf = Callable[[Item], Mapping[str, Any]]


class StoredHelpers:
    """The helpers of one domain that people make.

    Args:
        conf_of: what an entity takes its settings from, of an item; raises `vol.Invalid` when it cannot.
        suggested_name: what a new entity's id is made of.
        on_change: called after each change, when the entity has been told.

    Attributes:
        collection: the items. entities: by item id.
    """

    def __init__(
        self,
        home: Home,
        domain: str,
        collection: Collection,
        make: Factory,
        conf_of: ConfOf,
        suggested_name: Callable[[Item], str] = lambda item: str(item["name"]),
        on_change: Callable[[Change], None] | None = None,
    ) -> None:
        self.home = home
        self.domain = domain
        self.collection = collection
        self.entities: dict[str, HelperEntity] = {}
        self._make = make
        self._conf_of = conf_of
        self._suggested_name = suggested_name
        self._on_change = on_change

    def start(self) -> None:
        """Read the items and make their entities. Waits for the database."""
        self.collection.load()
        for item in self.collection.all():
            try:
                self._add(item)
            except (MargeError, vol.Invalid) as exc:
                log.error("a helper cannot be as it was saved", helper=f"{self.domain} {item['id']}", problem=str(exc))
        self.collection.listen(self._changed)
        collections_of(self.home.shared)[self.domain] = self.collection
        stored_helpers(self.home)[self.domain] = self

    def settle(self, item_id: str) -> None:
        """Wait until the item's entity shows what was last changed. Not from the shared dispatcher."""
        entity = self.entities.get(item_id)
        if entity is None or entity.entity_id not in self.home.entities.owned:
            return
        try:
            self.home.system.ask(f"{self.home.entities.path}/{entity.entity_id}", Report({}), SEEN_TIMEOUT_S)
        except (MargeError, pykka.ActorDeadError, pykka.Timeout) as exc:
            log.warning("a helper shows no state yet", entity_id=entity.entity_id, problem=repr(exc))

    def _changed(self, change: Change) -> None:
        if change.kind == "removed":
            entity = self.entities.pop(change.item_id, None)
            if entity is not None:
                remove_helper(self.home, entity)
        elif change.item_id in self.entities:
            self.home.entities.report(self.entities[change.item_id].entity_id, conf=self._conf_of(change.item))
        else:
            self._add(change.item)
        if self._on_change is not None:
            self._on_change(change)

    def _add(self, item: Item) -> None:
        item_id = str(item["id"])
        entity = self._make(self.home, item_id, self._conf_of(item))
        entity.editable = True
        entity.unique_id = item_id
        registry = self.home.registries.entities
        entry = registry.by_unique_id(self.domain, self.domain, item_id)
        wanted = registry.free_entity_id(self.domain, self._suggested_name(item)) if entry is None else entry.entity_id
        self.home.entities.add(entity, wanted, self.domain)
        self.entities[item_id] = entity


def stored_helpers(home: Home) -> dict[str, StoredHelpers]:
    """The home's helpers that people made, by domain."""
    found: dict[str, StoredHelpers] = home.shared.setdefault("stored_helpers", {})
    return found


def settle(domain: str) -> Callable[[Home, str], None]:
    """A function that waits until a helper of this domain shows what was changed."""

    def wait(home: Home, item_id: str) -> None:
        found = stored_helpers(home).get(domain)
        if found is not None:
            found.settle(item_id)

    return wait


def set_up(
    home: Home,
    domain: str,
    section: Any,
    schema: Any,
    make: Factory,
    fields: Mapping[Any, Any],
    check: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    update_fields: Mapping[Any, Any] | None = None,
    has_reload: bool = True,
) -> Helpers:
    """Both kinds of helpers of a domain: those of the files, and those that people made.

    Args:
        schema: of an entry of the files; an item without its id fits it too.
        fields, check, update_fields: see `Collection`.
    """
    helpers = Helpers(home, domain, schema, make)
    helpers.load(section)
    if has_reload:
        helpers.register_reload()
    entry_schema = LateSchema(schema)

    def conf_of(item: Item) -> Mapping[str, Any]:
        conf: Mapping[str, Any] = entry_schema({key: value for key, value in item.items() if key != "id"})
        return conf

    collection = Collection(home.storage, domain, fields, check=check, update_fields=update_fields)
    collection.is_taken = helpers.__contains__
    StoredHelpers(home, domain, collection, make, conf_of).start()
    return helpers
