"""Persons: where somebody is, told from their trackers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._helpers import FollowingHelper, Helpers
from marge.domains._validators import entity_id, list_of, string
from marge.domains.zone import HOME
from marge.entities import Domain, Report
from marge.model import Event, State

if TYPE_CHECKING:
    from marge.home import Home

CONFIG_SCHEMA = {
    vol.Required("id"): string,
    vol.Required("name"): string,
    vol.Optional("user_id"): string,
    vol.Optional("device_trackers", default=list): list_of(entity_id),
    vol.Optional("picture"): string,
}

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
        self._follow()

    def _follow(self) -> None:
        self.follow(self.conf["device_trackers"], self._moved)
        self._locate()

    def _moved(self, event: Event) -> None:
        """Called by the bus: the rest happens in the entity's own turn."""
        path = f"{self.home.entities.path}/person.{self.object_id}"
        self.home.system.tell(path, Report({"moved": True}, event.context))

    def apply(self, values: Mapping[str, Any]) -> None:
        if "moved" in values:
            self._locate()
        else:
            super().apply(values)

    def _locate(self) -> None:
        states = self.home.states
        trackers = [state for each in self.conf["device_trackers"] if (state := states.get(each)) is not None]
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
        shown: dict[str, Any] = {"editable": False, "id": self.conf["id"], **self.position}
        if self.source is not None:
            shown["source"] = self.source
        shown["device_trackers"] = self.conf["device_trackers"]
        if "user_id" in self.conf:
            shown["user_id"] = self.conf["user_id"]
        return shown


def _setup(home: Home, section: Any) -> None:
    helpers = Helpers(home, "person", CONFIG_SCHEMA, PersonEntity)
    helpers.load(section)
    helpers.register_reload()


DOMAIN = Domain("person", entity=PersonEntity, setup=_setup, config_schema=CONFIG_SCHEMA)
