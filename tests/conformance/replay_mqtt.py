"""Plays rows of `mqtt-discovery.jsonl` over a real broker: announcements, messages, calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent

from marge.model import Context, State
from tests.bridges.mqtt.wire import Bench
from tests.conformance.configuration import MQTT_CONFIGURATION
from tests.support.broker import start_broker, stop_broker
from tests.support.home import HomeServer, WebSocketClient, home_server

RESTORED = (
    "switch optimistic no state_topic", "light default on_command_type brightness", "light default rgbw rgbww",
    "button abbreviated", "number optimistic", "event", "event template", "notify", "notify abbreviated", "scene",
    "scene default payload",
)  # fmt: skip
"""Rows whose first state came from before the recording: Home Assistant had stored it."""

_ENTRY_KEYS = (
    "unique_id", "platform", "original_name", "original_icon", "entity_category", "original_device_class",
    "disabled_by", "has_entity_name", "capabilities",
)  # fmt: skip
_DEVICE_KEYS = (
    "configuration_url", "manufacturer", "model", "model_id", "name", "sw_version", "hw_version", "serial_number",
    "connections", "area_id",
)  # fmt: skip
ENOUGH = 6
"""Differences after which a row is given up."""


class MqttReplay:
    """Plays rows one after the other in one home. `check(row)` says what differs."""

    def __init__(self, server: HomeServer, bench: Bench, client: WebSocketClient) -> None:
        self.server = server
        self.bench = bench
        self.client = client
        self._row: dict[str, Any] = {}
        self._differences: list[str] = []
        self._last: dict[str, Any] = {}

    def check(self, row: dict[str, Any]) -> list[str]:
        self._row, self._differences, self._last = row, [], {}
        try:
            self._play()
        finally:
            self._clean_up()
        return self._differences

    # -- one row -----------------------------------------------------------------------------------------------------

    def _play(self) -> None:
        bench, row = self.bench, self._row
        for step in row.get("pre") or []:
            publish = step["publish"]
            bench.device.publish(publish["topic"], publish["payload"], retain=publish["retain"])
        if row["name"] in RESTORED:
            for entity, wanted in row["initial"].items():
                state = State(entity, wanted["state"], wanted["attributes"], 0, 0, 0, Context.new())
                bench.home.restored[entity] = state
        for item in row["discovery"]:
            bench.device.publish(item["topic"], item["payload"], retain=item["retain"])
        bench.settle()
        self._compare_registries()
        self._compare_automations()
        self._compare_states("initial", {k: v for k, v in (row["initial"] or {}).items() if v is not None})
        for number, step in enumerate(row.get("steps", [])):
            self._step(f"step {number}", step)
            if len(self._differences) > ENOUGH:
                break

    def _clean_up(self) -> None:
        row = self._row
        topics = {item["topic"] for item in row["discovery"]}
        topics |= {step["publish"]["topic"] for step in row.get("steps", []) if "publish" in step}
        topics |= {step["publish"]["topic"] for step in row.get("pre") or []}
        for topic in topics:
            self.bench.device.publish(topic, b"", retain=True)
        self.bench.settle()
        home = self.bench.home
        for entity in (*row["entities"], *(self._last or ())):
            if home.states.get(entity) is not None:
                self._differ(f"after removal: {entity} is left")
                home.entities.remove(entity)
        for entity in home.restored.keys() & set(row["entities"]):
            del home.restored[entity]
        for device in row.get("device_registry") or []:
            found = home.registries.devices.find([tuple(each) for each in device["identifiers"]], device["connections"])
            if found is not None:
                self._differ(f"after removal: device {device['identifiers']} is left")

    def _differ(self, text: str) -> None:
        self._differences.append(text)

    def _step(self, where: str, step: dict[str, Any]) -> None:
        bench = self.bench
        bench.forget()
        listening = self._listen(step) if step.get("events") is not None else None
        if "publish" in step:
            publish = step["publish"]
            where += f" {publish['topic']} <- {str(publish['payload'])[:60]}"
            bench.device.publish(publish["topic"], publish["payload"], retain=publish["retain"])
            bench.settle()
        elif "call" in step:
            where += f" {step['call']['service']} {json.dumps(step['call'].get('data'))[:90]}"
            self._call(where, step)
        elif "wait" in step:
            gevent.sleep(step["wait"])
            bench.settle()
        if listening is not None:
            self._compare_events(where, step, listening)
        for entity in step.get("entities_removed", []):
            self._last[entity] = None
        if isinstance(step.get("states"), dict):
            self._compare_states(where, step["states"])
        elif step.get("states") == "unchanged":
            self._compare_states(where, {})

    def _call(self, where: str, step: dict[str, Any]) -> None:
        call = step["call"]
        reply = self.client.command(
            "call_service", domain=call["domain"], service=call["service"], service_data=call.get("data") or {}
        )
        wanted = step.get("error_ws")
        if reply["success"] == (wanted is not None):
            self._differ(f"{where}: answered {reply.get('error')}, expected {wanted}")
        elif wanted is not None:
            for key in ("code", "message"):
                if reply["error"][key] != wanted["error"][key]:
                    self._differ(f"{where}: {key} {reply['error'][key]!r}, expected {wanted['error'][key]!r}")
        sent = self.bench.published_whole()
        expected = [(p["topic"], p["payload"], p["qos"]) for p in step.get("ha_published") or []]
        if [each[:3] for each in sent] != expected:
            self._differ(f"{where}: published {sent}, expected {expected}")

    # -- comparing ---------------------------------------------------------------------------------------------------

    def _listen(self, step: dict[str, Any]) -> int:
        self.client.command("subscribe_events", event_type="tag_scanned")
        return self.client.last_id

    def _compare_events(self, where: str, step: dict[str, Any], subscription: int) -> None:
        self.client.command("unsubscribe_events", subscription=subscription)
        seen = [each["event"] for each in self.client.take_events(subscription)]
        wanted = step["events"]
        if [each["event_type"] for each in seen] != [each["event_type"] for each in wanted]:
            self._differ(f"{where}: events {seen}, expected {wanted}")
            return
        for ours, theirs in zip(seen, wanted, strict=True):
            for key, value in theirs["data"].items():
                mine = ours["data"].get(key)
                if mine != value and not (key == "device_id" and mine and value):
                    self._differ(f"{where}: event's {key} is {mine!r}, expected {value!r}")

    def _compare_automations(self) -> None:
        registries = self.bench.home.registries
        for wanted in self._row.get("device_automations") or []:
            device = next((each for each in registries.devices.all() if each.name == wanted["device_id"]), None)
            if device is None:
                self._differ(f"device {wanted['device_id']} is missing")
                continue
            reply = self.client.command("device_automation/trigger/list", device_id=device.id)
            keys = ("platform", "domain", "type", "subtype", "metadata")
            offered = [{key: each.get(key) for key in keys} for each in reply["result"]]
            if wanted["domain"] == "mqtt" and {key: wanted[key] for key in keys} not in offered:
                self._differ(f"device automation {wanted['type']}/{wanted['subtype']} is missing in {offered}")

    def _compare_registries(self) -> None:
        registries = self.bench.home.registries
        for entry in self._row.get("entity_registry") or []:
            ours = registries.entities.get(entry["entity_id"])
            if ours is None:
                self._differ(f"registry: {entry['entity_id']} is missing")
                continue
            for key in _ENTRY_KEYS:
                mine, theirs = getattr(ours, key), entry.get(key)
                if not same(mine, theirs) and (mine or theirs):
                    self._differ(f"registry {entry['entity_id']} {key}: {mine!r}, expected {theirs!r}")
        for device in self._row.get("device_registry") or []:
            identifiers = [tuple(pair) for pair in device["identifiers"]]
            found = registries.devices.find(identifiers, device["connections"])
            if found is None:
                self._differ(f"device {device['identifiers']} is missing")
                continue
            for key in _DEVICE_KEYS:
                mine, theirs = getattr(found, key), device[key]
                if key == "connections":
                    mine, theirs = sorted(map(list, mine)), sorted(theirs)
                if not same(mine, theirs):
                    self._differ(f"device {key}: {getattr(found, key)!r}, expected {device[key]!r}")

    def _compare_states(self, where: str, expected: dict[str, Any]) -> None:
        changed = dict(expected)
        for entity in self._last:
            changed.setdefault(entity, self._last[entity])
        for entity, wanted in changed.items():
            ours = self.bench.state(entity)
            if wanted is None or ours is None:
                if (wanted is None) != (ours is None):
                    self._differ(f"{where}: {entity} is {ours}, expected {wanted}")
                self._last[entity] = wanted
                continue
            state, attributes = ours
            if state != wanted["state"] and not (is_moment(state) and is_moment(wanted["state"])):
                self._differ(f"{where}: {entity} is {state}, expected {wanted['state']}")
            theirs = wanted["attributes"]
            for key in attributes.keys() | theirs.keys():
                if "<redacted>" in str(theirs.get(key)) and attributes.get(key):
                    continue
                if not same(attributes.get(key), theirs.get(key)) or (key in attributes) != (key in theirs):
                    mine, wants = attributes.get(key, "(none)"), theirs.get(key, "(none)")
                    self._differ(f"{where}: {entity} {key}: {mine!r}, expected {wants!r}")
            self._last[entity] = wanted


def is_moment(text: str) -> bool:
    """Whether a state is a moment: the recording's are not ours."""
    return text.startswith("20") and "T" in text


def same(ours: Any, theirs: Any) -> bool:
    """Equal as JSON; numbers within rounding."""
    if isinstance(ours, float) or isinstance(theirs, float):
        try:
            return abs(float(ours) - float(theirs)) < 1e-6
        except (TypeError, ValueError):
            return False
    if isinstance(ours, (list, tuple)) and isinstance(theirs, (list, tuple)):
        return len(ours) == len(theirs) and all(same(a, b) for a, b in zip(ours, theirs, strict=True))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return ours.keys() == theirs.keys() and all(same(ours[key], theirs[key]) for key in ours)
    return bool(ours == theirs)


@contextmanager
def mqtt_home() -> Iterator[tuple[HomeServer, Bench]]:
    """A home like that of the recording, its bridge on a real broker, and a device beside it."""
    host, port, process = start_broker()
    configuration = f"""{MQTT_CONFIGURATION}
marge:
  mqtt: {{broker: external}}
  broker: {{host: {host}, port: {port}}}
"""
    try:
        with home_server(configuration, bridges=("mqtt",)) as server:
            bench = Bench(server.home, host, port, spawn=False)
            try:
                yield server, bench
            finally:
                bench.close()
    finally:
        stop_broker(process)
