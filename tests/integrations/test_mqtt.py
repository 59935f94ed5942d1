"""MQTT's config entry: what is discovered belongs to it, and goes and comes with it."""

from __future__ import annotations

import json
import socket

import pytest

from marge.bridges.base import find_kinds
from marge.bridges.mqtt.messages import Publish
from marge.integrations.host import host_of
from tests.support.home import home_server
from tests.support.waiting import until

BRIDGE = "/bridges/mqtt"


def _free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


@pytest.fixture(scope="module")
def server():
    with home_server(bridges=("broker", "mqtt"), broker="amqtt", mqtt_port=_free_port()) as running:
        running.home.shared["bridge_kinds"] = {kind.name: kind.specs for kind in find_kinds()}
        yield running


def test_what_is_discovered_goes_and_comes_with_the_entry(server):
    """Disabled: no connection, no states. Enabled or reloaded: the retained announcements bring all back."""
    home = server.home
    until(lambda: (bridge := home.system.actor(BRIDGE)) is not None and bridge.status == "running", timeout_s=20)
    config = {"name": "S", "unique_id": "u1", "state_topic": "t/s", "device": {"identifiers": ["d1"], "name": "Dev"}}
    home.system.ask(BRIDGE, Publish("homeassistant/sensor/u1/config", json.dumps(config), 0, True, must=True))
    home.system.ask(BRIDGE, Publish("t/s", "5", 0, True, must=True))
    entity_id = until(lambda: home.registries.entities.by_unique_id("sensor", "mqtt", "u1")).entity_id
    entry = home.registries.config_entries.for_domain("mqtt")[0]
    assert home.registries.entities.get(entity_id).config_entry_id == entry.entry_id

    def value():
        state = home.states.get(entity_id)
        return None if state is None else state.state

    until(lambda: value() == "5")
    assert host_of(home).set_disabled(entry.entry_id, "user")
    until(lambda: value() is None)
    assert home.system.ref(BRIDGE) is None
    assert host_of(home).set_disabled(entry.entry_id, None)
    until(lambda: value() == "5")
    assert host_of(home).reload(entry.entry_id)
    until(lambda: value() == "5")


def test_there_is_one_entry(server):
    """A second one is refused; its diagnostics come as a file."""
    flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": "mqtt"}).json()
    entry = server.home.registries.config_entries.for_domain("mqtt")[0]
    diagnostics = server.rest("GET", f"/api/diagnostics/config_entry/{entry.entry_id}")

    assert (flow["type"], flow["reason"]) == ("abort", "single_instance_allowed")
    assert "attachment" in diagnostics.headers["Content-Disposition"]
    assert diagnostics.json()["data"]["entry"]["domain"] == "mqtt"


def test_a_home_without_mqtt_has_no_entry():
    """`broker: none`."""
    with home_server(broker="none") as server:
        assert server.home.registries.config_entries.for_domain("mqtt") == []
