"""Groups: several entities under one name. The state follows the members; `_group_state.py` says how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import fields_of
from marge.domains._group_state import group_state
from marge.domains._helpers import FollowingHelper, Helpers
from marge.domains._validators import boolean, entity_ids, icon, slug, string
from marge.entities import Domain, Report
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall


def _mapping(entry: Any) -> Any:
    """`kitchen: light.a, light.b` is short for a group of these."""
    return {"entities": entry} if isinstance(entry, (str, list)) else entry


CONFIG_SCHEMA = vol.Schema(
    vol.All(
        _mapping,
        {
            vol.Optional("name"): string,
            vol.Optional("entities", default=list): vol.Any(vol.All(None, lambda _none: []), entity_ids),
            vol.Optional("icon"): icon,
            vol.Optional("all", default=False): boolean,
        },
    )
)


class GroupEntity(FollowingHelper):
    """One group. Members are told by the bus, each under its own key, so a change costs its groups only."""

    domain = "group"
    members: tuple[str, ...] = ()
    order: int = 0
    auto = False

    def _take(self, conf: Mapping[str, Any]) -> None:
        super()._take(conf)
        self.unique_id = None  # a group of the files is in no registry
        self.name = conf.get("name") or self.object_id
        self.members = tuple(dict.fromkeys(conf["entities"]))

    def begin(self) -> None:
        self.follow(self.members, self._changed)

    def reconfigured(self) -> None:
        self.follow(self.members, self._changed)

    def _changed(self, event: Event) -> None:
        """Called by the bus: the rest happens in the entity's own turn, under the context of the member's change."""
        old, new = event.data["old_state"], event.data["new_state"]
        if old is not None and new is not None and old.state == new.state:
            return
        path = f"{self.home.entities.path}/{self.entity_id}"
        self.home.system.tell(path, Report({"member_changed": True}, event.context))

    def apply(self, values: Mapping[str, Any]) -> None:
        if "member_changed" not in values:  # the state is worked out when it is shown
            super().apply(values)

    def state_value(self) -> str | None:
        states = self.home.states
        found = [state for member in self.members if (state := states.find(member)) is not None]
        return group_state(found, self.conf["all"])

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"entity_id": list(self.members), "order": self.order}
        if self.auto:
            shown["auto"] = True
        return shown


class Groups:
    """The groups of the file and those made by services."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._made = 0
        self._by_service: dict[str, GroupEntity] = {}
        self.from_file = Helpers(home, "group", CONFIG_SCHEMA, self._make)

    def _make(self, home: Home, object_id: str, conf: Mapping[str, Any]) -> GroupEntity:
        group = GroupEntity(home, object_id, conf)
        group.order = self._made
        self._made += 1
        return group

    def set(self, call: ServiceCall) -> None:
        """Make a group, or change one."""
        data = call.data
        if "virtual" in data:
            for virtual_id in data["virtual"]:
                self.home.entities.write(virtual_id, data["state"], self._attributes(virtual_id), call.context)
            return
        entity_id = f"group.{data['object_id']}"
        present = self.home.entities.owned.get(entity_id)
        if not isinstance(present, GroupEntity):
            conf = {
                "name": data.get("name", data["object_id"]),
                "entities": data.get("entities") or data.get("add_entities") or [],
                "all": data.get("all", False),
                **{key: data[key] for key in ("icon",) if key in data},
            }
            group = self._make(self.home, data["object_id"], conf)
            group.auto = True
            self._by_service[entity_id] = group
            self._wait_for(self.home.entities.add(group, entity_id, "group"))
            return
        members = list(data.get("entities", present.members))
        members += [each for each in data.get("add_entities", ()) if each not in members]
        gone = data.get("remove_entities", ())
        conf = {**present.conf, "entities": [each for each in members if each not in gone]}
        conf.update({key: data[key] for key in ("name", "icon", "all") if key in data})
        self.home.system.ask(f"{self.home.entities.path}/{entity_id}", Report({"conf": conf}))

    def _attributes(self, entity_id: str) -> Mapping[str, Any]:
        state = self.home.states.get(entity_id)
        return {} if state is None else state.attributes

    def _wait_for(self, ref: Any) -> None:
        # The caller shall see the group when the call returns; a report without news is answered once it is there.
        ref.ask(Report({"member_changed": True}), timeout=5.0)

    def remove(self, call: ServiceCall) -> None:
        entity_id = f"group.{call.data['object_id']}"
        self._by_service.pop(entity_id, None)
        self.home.entities.remove(entity_id)

    def _set_schema(self, data: Any) -> Any:
        """HA's way names the group by `object_id`; a virtual group may be named by `entity_id`, with its state."""
        if isinstance(data, Mapping) and "object_id" not in data and "entity_id" in data:
            named = entity_ids(data["entity_id"])
            owner = self.home.states.owner
            if named and all(each in self.home.states and owner(each) is None for each in named):
                return {"virtual": named, "state": string(data.get("state", "on"))}
        return _SET(data)

    def register(self) -> None:
        services = self.home.services
        services.register(
            "group", "set", self.set, self._set_schema, description="Makes a group, or changes its members.",
            fields=fields_of("group", "set"),
        )
        services.register(
            "group", "remove", self.remove, {vol.Required("object_id"): slug}, description="Removes a group.",
            fields=fields_of("group", "remove"),
        )  # fmt: skip
        self.from_file.register_reload(self._reload_platforms)

    def _reload_platforms(self) -> None:
        """Groups that stand below the domains of their members (`light: [{platform: group}]`)."""
        platforms = self.home.shared.get("yaml_entities")
        if platforms is not None:
            platforms.reload("group")


_SET = vol.Schema({
    vol.Required("object_id"): slug,
    vol.Optional("name"): string,
    vol.Optional("icon"): icon,
    vol.Optional("all"): boolean,
    vol.Exclusive("entities", "entities"): entity_ids,
    vol.Exclusive("add_entities", "entities"): entity_ids,
    vol.Exclusive("remove_entities", "entities"): entity_ids,
})  # fmt: skip


def _setup(home: Home, section: Any) -> None:
    groups = Groups(home)
    groups.from_file.load(section)
    groups.register()


DOMAIN = Domain("group", entity=GroupEntity, setup=_setup, config_schema=CONFIG_SCHEMA)
