"""Tags: things to hold a telephone or a reader to. Each scan is an event, and the tag's entity tells the latest one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.domains._helpers import HelperEntity
from marge.domains._stored import NAME, StoredHelpers
from marge.domains._validators import datetime, string
from marge.entities import Domain
from marge.errors import HomeError, InvalidRequest
from marge.model import Context, Event
from marge.storage.collection import Collection, Item
from marge.util.dt import iso, parse_iso

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import EntityEntry

log = structlog.get_logger("marge.domains.tag")

TAG_SCANNED = "tag_scanned"
MAX_ID = 255


def _moment(value: Any) -> str:
    return datetime(value).isoformat()


_CHANGEABLE: dict[Any, Any] = {
    vol.Optional("name"): NAME,
    vol.Optional("description"): string,
    vol.Optional("last_scanned"): _moment,
    vol.Optional("device_id"): string,
}
ITEM_FIELDS = {vol.Optional("tag_id"): vol.All(string, vol.Length(min=1, max=MAX_ID)), **_CHANGEABLE}
UPDATE_FIELDS = _CHANGEABLE


def default_name(tag_id: str) -> str:
    """What a tag without a name is called."""
    return f"Tag {tag_id}"


class TagEntity(HelperEntity):
    domain = "tag"

    def _take(self, conf: Mapping[str, Any]) -> None:
        super()._take(conf)
        self.name = conf.get("name") or default_name(conf["id"])

    def state_value(self) -> str | None:
        moment = parse_iso(str(self.conf.get("last_scanned")))
        return None if moment is None else moment.isoformat(timespec="milliseconds")

    def state_attributes(self) -> dict[str, Any]:
        return {"tag_id": self.conf["id"], "last_scanned_by_device_id": self.conf.get("device_id")}


class TagCollection(Collection):
    """Tags. Their ids are what is written on them."""

    def __init__(self, home: Home) -> None:
        super().__init__(home.storage, "tag", ITEM_FIELDS, update_fields=UPDATE_FIELDS)
        self._home = home

    def checked(self, valid: dict[str, Any], before: Item | None) -> dict[str, Any]:
        if before is None and valid.get("tag_id") in self:
            raise HomeError(f"Tag with ID {valid['tag_id']} already exists.")
        if before is not None and valid.get("name") != before.get("name"):
            entry = self._entry(before)
            if entry is not None and entry.name is not None:  # the latest word counts, wherever it was said
                self._home.registries.entities.update(entry.entity_id, name=valid["name"])
        return valid

    def new_id(self, valid: dict[str, Any]) -> str:
        return str(valid.pop("tag_id", None) or uuid.uuid4())

    def shown(self, item: Item) -> Item:
        """With its name, which people may have set in the entity registry."""
        entry = self._entry(item)
        chosen = None if entry is None else entry.name
        return {**item, "name": chosen or item.get("name") or default_name(item["id"])}

    def _entry(self, item: Item) -> EntityEntry | None:
        return self._home.registries.entities.by_unique_id("tag", "tag", item["id"])


class Tags:
    """The home's tags, in `home.shared["tag"]`. Callable from anywhere on the hub; nothing here waits."""

    def __init__(self, home: Home, collection: TagCollection) -> None:
        self._home = home
        self._collection = collection

    def scan(self, tag_id: str, device_id: str | None = None, context: Context | None = None) -> None:
        """A tag was scanned: the event, then the tag's item, which is made for a new one.

        Args:
            device_id: of what scanned it, in the device registry.

        Raises:
            InvalidRequest: no tag can have such an id.
        """
        if not 0 < len(tag_id) <= MAX_ID:
            raise InvalidRequest(f"a tag's id has 1 to {MAX_ID} characters")
        now = self._home.clock.now()
        known = self._collection.get(tag_id)
        name = None if known is None else self._collection.shown(known)["name"]
        data = {"tag_id": tag_id, "name": name, "device_id": device_id}
        self._home.bus.publish(Event(TAG_SCANNED, data, context or Context.new(), now))
        scanned = {"last_scanned": iso(now)}
        if device_id is not None:
            scanned["device_id"] = device_id
        if known is not None:
            self._collection.replace({**known, **scanned})
            return
        try:
            self._collection.create({"tag_id": tag_id, **scanned})
        except HomeError as exc:
            log.warning("a scanned tag is not remembered", tag=tag_id, reason=str(exc))


def _setup(home: Home, _section: Any) -> None:
    collection = TagCollection(home)
    StoredHelpers(home, "tag", collection, TagEntity, dict, lambda item: str(item.get("name") or item["id"])).start()
    home.shared["tag"] = Tags(home, collection)


DOMAIN = Domain("tag", entity=TagEntity, setup=_setup)
