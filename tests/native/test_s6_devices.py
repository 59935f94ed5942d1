"""Section 6.4 and 2.14: what gateways say over MQTT is what `/api/integrations` tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import paho.mqtt.client as paho
import pytest

from tests.native.conftest import open_home
from tests.support.broker import start_broker, stop_broker
from tests.support.home import HomeServer
from tests.support.waiting import until

PATIENCE_S = 60.0


class Device:
    """Whoever publishes."""

    def __init__(self, host: str, port: int) -> None:
        self.client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self.heard: list[tuple[str, Any]] = []
        self.client.on_message = lambda _client, _data, message: self.heard.append((message.topic, message.payload))
        self.client.connect(host, port)
        self.client.loop_start()

    def publish(self, topic: str, payload: Any, retain: bool = False) -> None:
        text = payload if isinstance(payload, str) else json.dumps(payload)
        self.client.publish(topic, text, qos=1, retain=retain).wait_for_publish(PATIENCE_S)


@pytest.fixture(scope="module")
def broker() -> Iterator[tuple[str, int]]:
    host, port, process = start_broker()
    yield host, port
    stop_broker(process)


@pytest.fixture(scope="module", params=["ha", "native"])
def wired(request: pytest.FixtureRequest, broker: tuple[str, int]) -> Iterator[HomeServer]:
    host, port = broker
    settings = {"broker": "external", "broker_host": host, "broker_port": port}
    with open_home(request.param, bridges=("mqtt", "mqtt_devices"), **settings) as server:
        until(lambda: (server.home.system.actor("/bridges/mqtt") or _Nothing()).describe()["status"] == "running")
        yield server


class _Nothing:
    def describe(self) -> dict[str, Any]:
        return {"status": ""}


@pytest.fixture(scope="module")
def device(broker: tuple[str, int]) -> Iterator[Device]:
    made = Device(*broker)
    yield made
    made.client.loop_stop()


def told(home: HomeServer, name: str) -> Any:
    return home.rest("GET", f"/api/integrations/{name}").json()


def row(home: HomeServer, name: str) -> Any:
    found = {each["id"]: each for each in home.rest("GET", "/api/integrations").json()}[name]
    return found["status"], found["device_count"]


def state(home: HomeServer, entity_id: str) -> str | None:
    found = home.home.states.get(entity_id)
    return None if found is None else found.state


def test_zigbee2mqtt_tells_its_devices(wired: HomeServer, device: Device) -> None:
    """Without the coordinator; one that leaves is gone; broken messages do no harm."""
    native = wired.home.config.marge.profile == "native"
    device.publish("zigbee2mqtt/bridge/devices", "no json")
    device.publish("zigbee2mqtt/bridge/state", {"state": "online"})
    lamp = {
        "ieee_address": "0x01", "friendly_name": "Lamp", "type": "Router", "supported": True, "network_address": 5,
        "definition": {"model": "M", "vendor": "V", "description": "D", "exposes": [], "options": []},
    }  # fmt: skip
    device.publish(
        "zigbee2mqtt/bridge/devices",
        [{"ieee_address": "0x00", "type": "Coordinator"}, lamp, {**lamp, "ieee_address": "0x02"}],
    )
    until(lambda: row(wired, "zigbee2mqtt") == ("online", 2))
    found = told(wired, "zigbee2mqtt")
    assert (found["bridge_state"], found["device_count"]) == ("online", 2)
    assert found["devices"][0]["definition"] == {"model": "M", "vendor": "V", "description": "D", "exposes": []}
    device.publish("zigbee2mqtt/bridge/event", {"type": "device_leave", "data": {"ieee_address": "0x01"}})
    until(lambda: row(wired, "zigbee2mqtt") == ("online", 1))
    until(lambda: state(wired, "binary_sensor.zigbee2mqtt_bridge") == ("on" if native else None))
    device.publish("zigbee2mqtt/bridge/state", "offline")
    until(lambda: row(wired, "zigbee2mqtt")[0] == "offline")


def test_devices_are_let_join_for_a_while(wired: HomeServer, device: Device) -> None:
    """The wish is published, and the bridge's own word counts."""
    topic = "zigbee2mqtt/bridge/request/permit_join"
    device.client.subscribe(topic, 1)
    device.heard.clear()
    path = "/api/integrations/zigbee2mqtt/permit_join"
    assert wired.rest("POST", path, {"enable": True}).json() == {"result": "ok", "permit_join": True}
    assert told(wired, "zigbee2mqtt")["permit_join"] is True
    assert wired.rest("POST", path, {"enable": False, "duration": 5}).json() == {"result": "ok", "permit_join": False}
    assert told(wired, "zigbee2mqtt")["permit_join"] is False
    until(lambda: len(device.heard) >= 2)
    wishes = [json.loads(payload) for _topic, payload in device.heard]
    assert wishes == [{"value": True, "time": 120}, {"value": False, "time": 0}]
    device.publish("zigbee2mqtt/bridge/info", {"permit_join": True})
    until(lambda: told(wired, "zigbee2mqtt")["permit_join"] is True)
    device.publish("zigbee2mqtt/bridge/info", {"permit_join": False})
    until(lambda: told(wired, "zigbee2mqtt")["permit_join"] is False)


def test_zwave_tells_its_nodes(wired: HomeServer, device: Device) -> None:
    """And whether its gateway is there."""
    device.publish("zwave/_CLIENTS/ZWAVE_GATEWAY-home/status", "true")
    until(lambda: row(wired, "zwave") == ("connected", 0))
    device.publish("zwave/_NODES", [{"id": 5, "name": "Plug", "loc": "Hall", "productLabel": "P1", "ready": True}])
    until(lambda: told(wired, "zwave")["node_count"] == 1)
    (node,) = told(wired, "zwave")["nodes"]
    assert (node["id"], node["name"], node["product_label"], node["ready"]) == (5, "Plug", "P1", True)
    device.publish("zwave/nodeID_5/status", "{broken")
    device.publish("zwave/nodeID_5/status", {"status": "Alive"})
    until(lambda: told(wired, "zwave")["nodes"][0]["status"] == "Alive")
    device.publish("zwave/_NODES", [])
    device.publish("zwave/_CLIENTS/ZWAVE_GATEWAY-home/status", {"value": False})
    until(lambda: row(wired, "zwave") == ("disconnected", 0))


def test_tasmota_tells_what_its_devices_say(wired: HomeServer, device: Device) -> None:
    """Presence, relays, facts; in the native profile their sensors are entities."""
    native = wired.home.config.marge.profile == "native"
    device.publish("tele/th16/LWT", "Online")
    device.publish("tele/th16/STATE", {"POWER1": "OFF", "POWER2": "ON"})
    device.publish("stat/th16/POWER1", "ON")
    device.publish("tele/th16/INFO1", {"Info1": {"Module": "TH16", "Version": "13.1"}})
    device.publish("tele/th16/INFO2", {"Info2": {"IPAddress": "192.0.2.9"}})
    device.publish("tele/th16/SENSOR", {"Time": "x", "AM2301": {"Temperature": 22.5}})
    until(lambda: [each["ip_address"] for each in told(wired, "tasmota")["devices"]] == ["192.0.2.9"])
    (found,) = told(wired, "tasmota")["devices"]
    assert (found["topic_name"], found["online"], found["power_states"]) == ("th16", True, [True, True])
    assert (found["module"], found["firmware_version"]) == ("TH16", "13.1")
    assert row(wired, "tasmota") == ("active", 1)
    entity_id = "sensor.tasmota_th16_am2301_temperature"
    until(lambda: state(wired, entity_id) == ("22.5" if native else None))
    if native:
        assert wired.state(entity_id).attributes["friendly_name"] == "th16 AM2301 Temperature"


def test_esphome_is_known_by_its_announcements(wired: HomeServer, device: Device) -> None:
    """Version, address and components; then whether it is online."""
    config = {
        "name": "Lamp", "state_topic": "desk-node/light/lamp/state", "command_topic": "desk-node/light/lamp/command",
        "unique_id": "esp_lamp", "object_id": "esp_lamp",
        "device": {"identifiers": "a1b2", "name": "Desk Node", "sw_version": "esphome v2026.1.0 (Jan 1)"},
    }  # fmt: skip
    device.publish("homeassistant/light/desk-node/lamp/config", config)
    until(lambda: told(wired, "esphome")["device_count"] == 1)
    device.publish("desk-node/status", "online", retain=True)
    until(lambda: told(wired, "esphome")["devices"][0]["online"])
    (found,) = told(wired, "esphome")["devices"]
    assert (found["prefix"], found["name"], found["version"]) == ("desk-node", "Desk Node", "2026.1.0")
    assert (found["mac_address"], found["components"]) == ("a1b2", ["light/lamp"])
    if wired.home.config.marge.profile == "native":
        device.publish("desk-node/text_sensor/note-two/state", "hello")
        until(lambda: state(wired, "sensor.esphome_desk_node_note_two") == "hello")
