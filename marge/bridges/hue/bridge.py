"""One Hue bridge: pairing, asking, telling. What its answers mean stands in `reading`, its errors in `wire`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from marge.bridges.hue import reading
from marge.bridges.hue.entities import entity_of
from marge.bridges.hue.reading import Thing
from marge.bridges.hue.wire import HueApi, OnlyPaired, make_friends, table
from marge.bridges.lan.address import Address
from marge.bridges.lan.client import LanClient
from marge.bridges.lan.device import LanDevice
from marge.bridges.lan.entity import Part
from marge.bridges.lan.told import part, text
from marge.errors import BridgeError, CredentialsNeeded, HomeError, Unreachable
from marge.integrations.lan import Found
from marge.util.breathe import in_turns
from marge.util.slug import slugify

MANUFACTURER = "Signify"
KEY, PAIR = "api_key", "pair"
CONFIG_EVERY = 60
"""Polls between two looks at the bridge's own settings: its name and its software."""
_NAMES = {"temperature": "Temperature", "illuminance": "Illuminance", "battery": "Battery", "motion": "Motion"}
_DIAGNOSTIC = {"battery": {"entity_category": "diagnostic"}}
_MAX_THINGS = 1_000
Known = dict[tuple[str, str], tuple[Any, list[Thing]]]
"""By kind and number: what the bridge has told, and what that means."""


def bridge_id(config: Any, address: Address) -> str:
    """Sixteen lower-case hex digits; of something that only speaks like a Hue bridge: its MAC, or its address.

    Raises:
        Unreachable: what answers is no Hue bridge.
    """
    found = text(config, "bridgeid") or (text(config, "mac") or "").replace(":", "")
    if not found and not any(text(config, name) for name in ("name", "modelid", "apiversion")):
        raise Unreachable(f"What answers at {address} is no Hue bridge")
    return slugify(found or str(address))


def shown_of(config: Any, address: Address) -> dict[str, Any]:
    """The bridge for API replies."""
    return {
        "ip": str(address), "name": text(config, "name") or "Hue bridge", "model_id": text(config, "modelid") or "",
        "sw_version": text(config, "swversion") or "",
    }  # fmt: skip


def probe(address: Address, secrets: Mapping[str, str]) -> Found:
    """Who is there: with a key that works (`api_key`), or with a button that was pressed (`pair`).

    Raises:
        Unreachable, CredentialsNeeded, OnlyPaired: as they say. InvalidRequest: the key cannot be one.
    """
    client = LanClient(address)
    try:
        key = secrets.get(KEY, "")
        if not key and not secrets.get(PAIR):
            bridge_id(table(client.get_json("/api/config"), client), address)
            raise CredentialsNeeded(f"The Hue bridge at {address} wants to be paired with")
        if not key:
            key = make_friends(client)
        api = HueApi(client, key)
        try:
            api.get("lights")  # a key that is unknown gets a short `config` all the same
            config = api.config()
            unique_id = bridge_id(config, address)
        except BridgeError as exc:
            if not secrets.get(PAIR):
                raise
            raise OnlyPaired(key, f"Paired, but then: {exc}") from exc
    finally:
        client.close()
    shown = shown_of(config, address)
    return Found(unique_id, shown["name"], {"host": str(address), KEY: key}, shown)


class HueBridge(LanDevice):
    """The actor of one bridge."""

    domain = kind = "hue"
    poll_s = 5.0

    def __init__(self, home: Any, entry_id: str) -> None:
        super().__init__(home, entry_id)
        self._client: LanClient | None = None
        self._config: Mapping[str, Any] | None = None
        self._polls = 0
        self._paths: dict[str, str] = {}
        self._states: dict[str, Mapping[str, Any]] = {}
        self._known: Known = {}
        self._shown_things: dict[str, Thing] = {}
        self._devices: dict[str, tuple[dict[str, Any], str]] = {}
        self.things = 0

    def refresh(self) -> None:
        api = self._api()
        if self._config is None or self._polls % CONFIG_EVERY == 0:
            self._take_config(api.config())
        self._polls += 1
        lights, sensors, groups = api.get("lights"), api.get("sensors"), api.get_optional("groups")
        found: dict[str, Thing] = {}
        for thing in in_turns(self._read(lights, sensors, groups)):
            found.setdefault(thing.key, thing)
        units = main_things(found)
        for thing in in_turns(found.values()):
            if self._shown_things.get(thing.key) is not thing or not self.is_told(thing.key):
                self._show(thing, units.get(thing.unit or "", thing))
        self._shown_things = found
        self._states = {f"lights/{number}/state": part(told, "state") for number, told in lights.items()}
        self._paths = {thing.key: thing.path for thing in found.values() if thing.path}
        self.keep_only(set(found))
        self.things = len(lights) + sum(1 for thing in found.values() if thing.key.startswith("sensor:"))

    def _read(
        self, lights: Mapping[str, Any], sensors: Mapping[str, Any], groups: Mapping[str, Any]
    ) -> Iterator[Thing]:
        before, self._known = self._known, {}
        for place, told, found in things(lights, sensors, groups, before):
            self._known[place] = told, found
            yield from found

    def command(self, key: str, verb: str, params: Mapping[str, Any]) -> bool:
        path = self._paths.get(key)
        if path is None or verb != "turn":
            raise HomeError("The Hue bridge knows no such lamp any more")
        asked = dict(params)
        body = reading.command(asked.pop("on"), asked)
        done = self._api().put(path, body)
        state = self._states.get(path)
        if state is None:
            return False  # of a room: what its lamps show has to be asked for
        self._states[path] = state = reading.after(state, done)
        self._shown_things.pop(key, None)  # what the next poll says counts, also when it is what the last one said
        self.update(key, **reading.shine(state))
        return True

    def shown(self) -> dict[str, Any]:
        name = self.entry.title
        return {**shown_of(self._config or {"name": name}, self.address), "bridge_id": self.entry.unique_id,
                "device_count": self.things}  # fmt: skip

    def disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _api(self) -> HueApi:
        if self._client is None:
            self._client, self._config = LanClient(self.address), None
        return HueApi(self._client, str(self.entry.data.get(KEY, "")))

    def _take_config(self, config: Mapping[str, Any]) -> None:
        found = bridge_id(config, self.address)
        if found != self.entry.unique_id:
            raise Unreachable(f"Another Hue bridge answers at {self.address} now: {found}")
        self._config = config
        mac = text(config, "mac")
        self.register(
            identifiers=[(self.domain, found)], connections=[("mac", mac)] if mac else [], manufacturer=MANUFACTURER,
            model="Hue bridge", model_id=text(config, "modelid"), sw_version=text(config, "swversion"),
            name=text(config, "name") or self.entry.title, configuration_url=self.address.url(),
        )  # fmt: skip

    def _show(self, thing: Thing, unit: Thing) -> None:
        about = {"integration": self.domain}
        self.show(
            thing.key, partial(self._part, thing, unit), available=thing.reachable, about=about, **thing.values
        )  # fmt: skip
        if self.has(thing.key):
            self._device_of(unit)

    def _part(self, thing: Thing, unit: Thing) -> Part:
        entity = entity_of(thing.kind, self.home_units)
        words = [self.domain, text(self._config, "name") or "bridge"]
        if thing.kind == "battery":
            words += [unit.name, thing.kind]
        elif thing.key.startswith("group:"):
            words += [str(thing.facts.get("model", "")), thing.name]
        else:
            words.append(thing.name)
        object_id = "_".join(slugify(word) for word in words if word)
        name = None if thing.kind in ("light", "buttons") else _NAMES[thing.kind]
        return Part(entity, object_id, name, self._device_of(unit), _DIAGNOSTIC.get(thing.kind, {}))

    def _device_of(self, unit: Thing) -> str:
        """The physical thing's entry, brought up to date when something about it is new."""
        identifier = unit.unit or f"{self.entry.unique_id}-{unit.key}"
        facts = {**unit.facts, "name": unit.name}
        kept = self._devices.get(identifier)
        if kept is not None and kept[0] == facts and self.home.registries.devices.get(kept[1]) is not None:
            return kept[1]
        device_id = self.register_device(
            identifiers=[(self.domain, identifier)], via_device=(self.domain, str(self.entry.unique_id)), **facts
        )
        self._devices[identifier] = facts, device_id
        return device_id


def main_things(found: Mapping[str, Thing]) -> dict[str, Thing]:
    """Of sensors that are one physical thing, the one that sees motion (or the first) gives it its name."""
    main: dict[str, Thing] = {}
    for thing in sorted(found.values(), key=lambda each: each.kind not in ("motion", "buttons", "light")):
        if thing.unit is not None:
            main.setdefault(thing.unit, thing)
    return main


def things(
    lights: Mapping[str, Any], sensors: Mapping[str, Any], groups: Mapping[str, Any], known: Known
) -> Iterator[tuple[tuple[str, str], Any, list[Thing]]]:
    """Everything that is shown of a bridge: where it is told, what is told there, what it means. What is told as it was
    before (`known`) is not worked out again: of hundreds of lamps few change within five seconds."""
    for kind, resources, read in (("l", lights, _lamp), ("s", sensors, reading.sensor), ("g", groups, _room)):
        for number, told in islice(resources.items(), _MAX_THINGS):
            before = known.get((kind, number))
            yield (kind, number), told, before[1] if before is not None and before[0] == told else read(number, told)


def _lamp(number: str, told: Any) -> list[Thing]:
    return [reading.light(number, told)]


def _room(number: str, told: Any) -> list[Thing]:
    room = reading.group(number, told)
    return [] if room is None else [room]
