"""ESPHome over MQTT: simulated devices on a real broker, and a home that follows them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from marge.bridges.mqtt_devices.esphome.book import read_line
from tests.bridges.mqtt_devices.fleet import Address, described, fleet, unique_ids
from tests.bridges.mqtt_devices.zigbee import Client, becomes, home_on, state
from tests.support.home import HomeServer
from tests.support.waiting import until

BASE = "/api/integrations/esphome"


@pytest.fixture(scope="module")
def simulator(broker: Address) -> Iterator[subprocess.Popen[bytes]]:
    with fleet(broker, "esphome") as process:
        yield process


@pytest.fixture(scope="module")
def home(broker: Address, simulator: subprocess.Popen[bytes]) -> Iterator[HomeServer]:
    with home_on(broker) as server:
        until(lambda: len(told(server)) == 4 and all(each["online"] for each in told(server)), what="the devices")
        becomes(server, "switch.node_3_relay", "off")
        yield server


def told(server: HomeServer) -> Any:
    return server.rest("GET", BASE).json()["devices"]


def one(server: HomeServer, prefix: str) -> Any:
    return next((each for each in told(server) if each["prefix"] == prefix), None)


def test_devices_are_known_by_announcement_and_description(home: HomeServer) -> None:
    """Version, address, components; the registry knows them by their address."""
    found = one(home, "node-0")
    until(lambda: len(one(home, "node-0")["components"]) == 7)
    assert (found["name"], found["version"], found["ip_address"]) == ("Node 0", "2025.4.0", "192.0.2.1")
    assert found["mac_address"].lower().replace(":", "") == "240ac4000000"
    device = home.home.registries.devices.find((), [("mac", "240ac4000000")])
    assert device is not None and (device.name, device.model) == ("Node 0", "esp32dev")
    entry = home.home.registries.entities.get("switch.node_0_relay")
    assert entry is not None and entry.device_id == device.id
    about = home.rest("GET", f"{BASE}/node-0").json()
    assert about["about"]["board"] == "esp32dev" and len(about["announcements"]) == 8
    assert home.rest("GET", f"{BASE}/{device.id}").json()["prefix"] == "node-0"
    assert home.rest("GET", f"{BASE}/nobody").status_code == 404


def test_states_and_commands_go_through_discovery(home: HomeServer, client: Client) -> None:
    """The documented topics."""
    client.heard.clear()
    answer = home.rest("POST", "/api/services/switch/turn_on", {"entity_id": "switch.node_1_relay"})
    assert answer.status_code == 200
    becomes(home, "switch.node_1_relay", "on")
    until(lambda: ("node-1/switch/relay/command", b"ON") in client.heard)
    client.send("esphome-simulator/node-1", {"motion": True})
    becomes(home, "binary_sensor.node_1_motion", "on")
    home.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.node_1_strip", "brightness": 100})
    becomes(home, "light.node_1_strip", "on")
    until(lambda: home.state("light.node_1_strip").attributes["brightness"] == 100)


def test_logs_are_kept(home: HomeServer, client: Client) -> None:
    """Without colours; the last of them; for administrators."""
    client.send("esphome-simulator/node-2", {"log": "brown-out"})
    path = f"{BASE}/node-2/log"
    until(lambda: any(line["text"] == "brown-out" for line in home.rest("GET", path).json()["lines"]))
    line = home.rest("GET", path).json()["lines"][-1]
    assert line == {"level": "W", "component": "test:001", "text": "brown-out"}
    for _ in range(300):
        client.client.publish("node-2/debug", b"\x1b[0;36m[D][x:1]: flood\x1b[0m")
    client.send("node-2/debug", b"\xff\xfe")
    until(lambda: len(home.rest("GET", path).json()["lines"]) == 200)
    actor = home.home.system.actor("/bridges/esphome")
    assert actor is not None
    until(lambda: actor.describe()["log_lines_left_out"] > 100)
    assert home.rest("GET", path, token=home.user_token).status_code in (401, 403)
    assert read_line("[C][wifi:415]: Local MAC") == ("C", "wifi:415", "Local MAC")
    assert read_line("no level") == ("", "", "no level")
    assert read_line(None) == ("", "", "")


def test_devices_are_asked(home: HomeServer, client: Client) -> None:
    """All of them, or one."""
    client.heard.clear()
    assert home.rest("POST", f"{BASE}/discover").json() == {"result": "ok"}
    until(lambda: sum(name.startswith("esphome/discover/") for name, _ in client.heard) == 4)
    client.heard.clear()
    assert home.rest("POST", f"{BASE}/node-3/ping").json() == {"result": "ok"}
    until(lambda: [name for name, _ in client.heard if name.startswith("esphome/d")] == ["esphome/discover/node-3"])
    assert home.rest("POST", f"{BASE}/discover", token=home.user_token).status_code in (401, 403)


def test_a_device_that_goes_is_unavailable_and_can_be_forgotten(home: HomeServer, client: Client) -> None:
    """Its retained messages are cleared, and with them its entities."""
    assert home.rest("POST", f"{BASE}/node-3/forget").status_code == 400
    client.send("esphome-simulator/node-3", {"online": False})
    becomes(home, "switch.node_3_relay", "unavailable")
    until(lambda: one(home, "node-3")["online"] is False)
    answer = home.rest("POST", f"{BASE}/node-3/forget").json()
    assert answer == {"result": "ok", "cleared": 8}
    becomes(home, "switch.node_3_relay", None)
    assert one(home, "node-3") is None
    assert not any(each.endswith("3") and each.startswith("ESP") for each in unique_ids(home, "mqtt"))
    client.send("esphome-simulator/node-3", {"online": True})
    becomes(home, "switch.node_3_relay", "off")


def test_prefix_and_name_may_differ(home: HomeServer, client: Client) -> None:
    """The address tells that they are one; older releases name themselves otherwise."""
    about = {"name": "shed", "mac": "aabbccddee01", "ip": "192.0.2.99", "version": "2024.1.0"}
    client.send("esphome/discover/shed", about)
    until(lambda: one(home, "shed") is not None)
    config = {
        "name": "Pump", "uniq_id": "shedpump", "stat_t": "garden/shed/switch/pump/state",
        "cmd_t": "garden/shed/switch/pump/command",
        "dev": {"ids": "aabbccddee01", "name": "Shed", "sw": "esphome v1.15.3 Jan  1 2021, 00:00:00"},
    }  # fmt: skip
    client.send("homeassistant/switch/shed/pump/config", config)
    until(lambda: one(home, "garden/shed") is not None and one(home, "shed") is None)
    found = one(home, "garden/shed")
    assert (found["ip_address"], found["version"]) == ("192.0.2.99", "1.15.3")
    client.send("homeassistant/switch/shed/pump/config", b"")


def test_nonsense_does_no_harm(home: HomeServer, client: Client) -> None:
    """Broken messages are dropped."""
    for payload in (b"\xff\xfe", b"{broken", b"[1]", b"5", b'{"name": 5, "mac": []}', b'{"dev": {"sw": 5}}'):
        for topic in ("esphome/discover/x", "homeassistant/sensor/x/y/config", "node-0/status"):
            client.send(topic, payload)
        client.send("node-0/sensor/a/state", payload)
    client.send("node-0/status", "online")
    until(lambda: one(home, "node-0")["online"])
    assert described(home, "/bridges/esphome")["status"] == "running"
    becomes(home, "switch.node_0_relay", "off")


def test_the_simulator_dies_and_returns(
    home: HomeServer, broker: Address, simulator: subprocess.Popen[bytes]
) -> None:
    """Its will speaks for the first device."""
    simulator.kill()
    until(lambda: one(home, "node-0")["online"] is False)
    becomes(home, "switch.node_0_relay", "unavailable")
    with fleet(broker, "esphome"):
        becomes(home, "switch.node_0_relay", "off")
        until(lambda: one(home, "node-0")["online"])
    assert state(home, "switch.node_1_relay") is not None
