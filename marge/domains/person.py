"""Persons: where somebody is, told from their trackers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._helpers import FollowingHelper, Helpers
from marge.domains._stored import NAME, StoredHelpers
from marge.domains._validators import ensure_list, entity_ids, string
from marge.domains.zone import HOME
from marge.entities import Domain, Report
from marge.errors import InvalidRequest
from marge.model import Event, State
from marge.storage.collection import Collection, Item

if TYPE_CHECKING:
    from marge.auth import User
    from marge.home import Home



def _trackers(value: Any) -> list[str]:
    """Entity ids of trackers. The error is about the list as a whole, as HA's is."""
    found = entity_ids(ensure_list(value))
    for each in found:
        if not each.startswith("device_tracker."):
            raise vol.Invalid(f"Entity ID '{each}' does not belong to domain 'device_tracker'")
    return found


def _text_or_none(value: Any) -> str | None:
    return None if value is None else string(value)


CONFIG_SCHEMA = {
    vol.Required("id"): string,
    vol.Required("name"): string,
    vol.Optional("user_id"): _text_or_none,
    vol.Optional("device_trackers", default=list): _trackers,
    vol.Optional("picture"): _text_or_none,
}
_CHANGEABLE: dict[Any, Any] = {
    vol.Optional("user_id"): vol.Any(str, None),
    vol.Optional("device_trackers", default=list): _trackers,
    vol.Optional("picture"): vol.Any(str, None),
}
ITEM_FIELDS = {vol.Required("name"): NAME, **_CHANGEABLE}
UPDATE_FIELDS = {vol.Optional("name"): NAME, **_CHANGEABLE}

_NO_WORD = ("unknown", "unavailable")


def best_tracker(trackers: list[State]) -> State | None:
    """The tracker to believe: one without GPS that sees somebody at home, else the newest GPS, else the newest."""
    at_home = gps = elsewhere = None
    for tracker in trackers:
        if tracker.state in _NO_WORD:
            continue
        if tracker.attributes.get("source_type") == "gps":
            gps = _newer(gps, tracker)
        elif tracker.state == "home":
            at_home = _newer(at_home, tracker)
        else:
            elsewhere = _newer(elsewhere, tracker)
    return at_home or gps or elsewhere


def _newer(first: State | None, second: State) -> State:
    return second if first is None or second.last_updated > first.last_updated else first


class PersonEntity(FollowingHelper):
    domain = "person"
    place: str | None = None
    position: Mapping[str, Any] = {}
    source: str | None = None

    def _take(self, conf: Mapping[str, Any]) -> None:
        super()._take(conf)
        self.unique_id = conf["id"]
        self.entity_picture = conf.get("picture")

    def begin(self) -> None:
        restored = self.restored()
        if restored is not None:
            self.place = restored[0]
        self._follow()

    def reconfigured(self) -> None:
        self.place, self.source, self.position = None, None, {}
        self._follow()

    def resume(self) -> None:
        self._follow()

    def _follow(self) -> None:
        self.follow(self.conf["device_trackers"], self._moved)
        self._locate()

    def _moved(self, event: Event) -> None:
        """Called by the bus: the rest happens in the entity's own turn."""
        path = f"{self.home.entities.path}/{self.entity_id}"
        self.home.system.tell(path, Report({"moved": True}, event.context))

    def apply(self, values: Mapping[str, Any]) -> None:
        if "moved" in values:
            self._locate()
        else:
            super().apply(values)

    def _locate(self) -> None:
        states = self.home.states
        trackers = [state for each in self.conf["device_trackers"] if (state := states.find(each)) is not None]
        tracker = best_tracker(trackers)
        if tracker is None:
            if trackers:
                self.place, self.source, self.position = None, None, {}
            return
        self.place, self.source = tracker.state, tracker.entity_id
        shown: Mapping[str, Any] = tracker.attributes
        if tracker.state == "home" and shown.get("latitude") is None:
            home_zone = states.get(HOME)
            shown = home_zone.attributes if home_zone is not None else {}
        keys = ("latitude", "longitude", "gps_accuracy")
        self.position = {key: shown[key] for key in keys if shown.get(key) is not None}

    def state_value(self) -> str | None:
        return self.place

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"editable": self.editable, "id": self.conf["id"], **self.position}
        if self.source is not None:
            shown["source"] = self.source
        shown["device_trackers"] = self.conf["device_trackers"]
        if self.conf.get("user_id") is not None:
            shown["user_id"] = self.conf["user_id"]
        return shown


class PersonCollection(Collection):
    """Persons that people made. A user is one person at most."""

    def __init__(self, home: Home, files: Helpers) -> None:
        super().__init__(home.storage, "person", ITEM_FIELDS, update_fields=UPDATE_FIELDS)
        self._home = home
        self._files = files
        self.is_taken = files.__contains__

    def checked(self, valid: dict[str, Any], before: Item | None) -> dict[str, Any]:
        user_id = valid.get("user_id")
        if user_id is not None and (before is None or before.get("user_id") != user_id):
            auth = self._home.shared.get("auth")
            if auth is not None and auth.user(user_id) is None:
                raise InvalidRequest("User does not exist")
            if self.of_user(user_id) is not None:
                raise InvalidRequest("User already taken")
        return valid

    def of_user(self, user_id: str) -> Mapping[str, Any] | None:
        """The person, of the files or an item, that this user is."""
        people = (*self._files.confs(), *self.all())
        return next((each for each in people if each.get("user_id") == user_id), None)


class People:
    """The home's persons, in `home.shared["person"]`. Callable from anywhere on the hub; nothing here waits."""

    def __init__(self, collection: PersonCollection, files: Helpers) -> None:
        self._collection = collection
        self._files = files

    def of_files(self) -> list[Mapping[str, Any]]:
        """The persons of the configuration files."""
        return self._files.confs()

    def create_for_user(self, user: User) -> Item | None:
        """A person for a new user; None when there is one already.

        Raises:
            InvalidRequest: the user has no name.
        """
        if self._collection.of_user(user.id) is not None:
            return None
        return self._collection.create({"name": user.name, "user_id": user.id, "device_trackers": []})

    def add_tracker(self, user_id: str, tracker_id: str) -> None:
        """A device of this user reports where it is: its tracker tells where the person is, too."""
        for item in self._collection.all():
            if item.get("user_id") == user_id and tracker_id not in item["device_trackers"]:
                trackers = [*item["device_trackers"], tracker_id]
                self._collection.replace({**item, "device_trackers": trackers})
                return

    def user_removed(self, user_id: str) -> None:
        """The user is gone: the person stays."""
        for item in self._collection.all():
            if item.get("user_id") == user_id:
                self._collection.replace({**item, "user_id": None})


def _setup(home: Home, section: Any) -> None:
    helpers = Helpers(home, "person", CONFIG_SCHEMA, PersonEntity)
    helpers.load(section)
    helpers.register_reload()
    collection = PersonCollection(home, helpers)
    StoredHelpers(home, "person", collection, PersonEntity, vol.Schema(CONFIG_SCHEMA)).start()
    people = home.shared["person"] = People(collection, helpers)
    home.bus.subscribe(lambda event: people.user_removed(str(event.data.get("user_id"))), "user_removed")


DOMAIN = Domain("person", entity=PersonEntity, setup=_setup, config_schema=CONFIG_SCHEMA)
