"""Matter devices through the simulated server, over its real WebSocket: shown, told, taken away, and found again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.bridges.lan.device import Poll
from marge.model import State
from marge.simulate.families import _matter_nodes as nodes
from marge.simulate.families.matter import MatterServer
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

LAMP, PORCH, PLUG = "light.matter_reading_lamp", "light.matter_porch_light", "switch.matter_coffee_plug"
LOCK, HEATING, BLIND = "lock.matter_garden_door", "climate.matter_study_thermostat", "cover.matter_study_blind"
CONTACT, OCCUPANCY = "binary_sensor.matter_garden_door_contact", "binary_sensor.matter_study_occupancy"
CELLAR, DAMP = "sensor.matter_cellar_temperature", "sensor.matter_cellar_humidity"
CEILING, WALL = "light.matter_hall_ceiling", "light.matter_hall_wall"


@pytest.fixture(scope="module")
def server() -> Iterator[MatterServer]:
    found = MatterServer(nodes.demo_nodes(), "127.0.0.1", 0)
    found.start()
    yield found
    found.drop()


@pytest.fixture(scope="module")
def home(server: MatterServer) -> Iterator[HomeServer]:
    """A home that is told where the server is."""
    with home_server("homeassistant: {unit_system: metric}", bridges=("matter",), matter_url=server.url) as found:
        until(lambda: status(found) == "connected", what="the connection")
        until(lambda: WALL in found.home.states, what="the last node")
        found.wait()
        yield found


def status(home: HomeServer) -> str:
    return str(home.rest("GET", "/api/integrations/matter").json()["status"])


def listed(home: HomeServer) -> tuple[str, int]:
    [row] = [each for each in home.rest("GET", "/api/integrations").json() if each["id"] == "matter"]
    return row["status"], row["device_count"]


def call(home: HomeServer, entity_id: str, service: str, **data: Any) -> State:
    """The state right after the service has answered."""
    domain = entity_id.partition(".")[0]
    answer = home.rest("POST", f"/api/services/{domain}/{service}", {"entity_id": entity_id, **data})
    assert answer.status_code == 200, answer.text
    return home.state(entity_id)


def refused(home: HomeServer, entity_id: str, service: str, **data: Any) -> str:
    with home.websocket() as client:
        answer = client.command(
            "call_service", domain=entity_id.partition(".")[0], service=service, service_data=data,
            target={"entity_id": entity_id},
        )  # fmt: skip
    assert not answer["success"], answer
    return str(answer["error"]["message"])


def poll(home: HomeServer) -> None:
    """Have the actor look at once."""
    family = home.home.shared["lan_families"]["matter"]
    home.home.system.tell(family.server().path, Poll())


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes"),
    [
        (LAMP, "on", {"brightness": 129, "color_mode": "color_temp", "color_temp_kelvin": 4000, "node_id": 1}),
        (PORCH, "off", {"supported_color_modes": ["brightness"]}),
        (PLUG, "off", {"device_class": "outlet"}),
        (LOCK, "locked", {"battery_level": 88}),
        (HEATING, "heat", {"current_temperature": 21.5, "temperature": 20.0, "hvac_action": "heating", "max_temp": 32}),
        (CONTACT, "off", {"device_class": "door", "battery_level": 100}),
        (OCCUPANCY, "off", {"device_class": "occupancy"}),
        (CELLAR, "14.25", {"unit_of_measurement": "°C", "device_class": "temperature", "state_class": "measurement"}),
        (DAMP, "56.2", {"unit_of_measurement": "%", "device_class": "humidity"}),
        (BLIND, "open", {"current_position": 100, "device_class": "shade"}),
        (CEILING, "off", {"supported_color_modes": ["onoff"], "endpoint_id": 3}),
    ],
)
def test_a_device_is_what_its_type_says(
    home: HomeServer, entity_id: str, state: str, attributes: dict[str, Any]
) -> None:
    """Domain, state and attributes."""
    shown = home.state(entity_id)

    assert shown.state == state
    assert {key: shown.attributes.get(key) for key in attributes} == attributes
    assert shown.attributes["integration"] == "matter"


def test_nodes_are_listed(home: HomeServer, server: MatterServer) -> None:
    """With the server's version; the family is active."""
    body = home.rest("GET", "/api/integrations/matter/status").json()

    assert (body["status"], body["device_count"], body["server_version"]) == ("connected", 11, "2026.1.0")
    assert body["devices"][0]["name"] == "Reading Lamp" and body["devices"][0]["entities"] == [LAMP]
    assert body["devices"][10]["is_bridge"] and body["devices"][10]["entities"] == [CEILING, WALL]
    assert listed(home) == ("active", 11)


def test_devices_behind_a_bridge_are_devices_of_their_own(home: HomeServer) -> None:
    """Reached through the bridge."""
    registries = home.home.registries
    entry = registries.entities.get(CEILING)
    assert entry is not None and entry.device_id is not None
    device = registries.devices.get(entry.device_id)
    assert device is not None and (device.name, device.model) == ("Hall Ceiling", "Simulated lamp")
    hub = registries.devices.get(device.via_device_id or "")
    assert hub is not None and hub.name == "Hall Bridge"


def test_commands_have_worked_when_the_service_answers(home: HomeServer, server: MatterServer) -> None:
    """The state after the call is the device's new one."""
    assert call(home, PORCH, "turn_on", brightness=128).attributes["brightness"] == 128
    assert server.nodes[2].attributes["1/8/0"] == 127
    assert call(home, PORCH, "turn_off").state == "off"
    lamp = call(home, LAMP, "turn_on", hs_color=[120, 50], brightness=255).attributes
    assert (lamp["color_mode"], lamp["hs_color"], lamp["brightness"]) == ("hs", (120.472, 50.0), 255)
    assert call(home, LAMP, "turn_on", color_temp_kelvin=2700).attributes["color_temp_kelvin"] == 2703
    assert call(home, LAMP, "turn_on", xy_color=[0.3, 0.4]).attributes["xy_color"] == (0.3, 0.4)
    assert call(home, PLUG, "toggle").state == "on"
    assert call(home, LOCK, "unlock").state == "unlocked"
    assert call(home, LOCK, "lock").state == "locked"
    assert call(home, HEATING, "set_temperature", temperature=22.5).attributes["temperature"] == 22.5
    assert server.nodes[5].attributes["1/513/18"] == 2250
    assert call(home, HEATING, "set_hvac_mode", hvac_mode="cool").state == "cool"
    assert call(home, HEATING, "turn_off").state == "off"
    assert call(home, BLIND, "close_cover").state in ("open", "closed")
    until(lambda: home.state(BLIND).state == "closed", what="closed")
    call(home, BLIND, "set_cover_position", position=30)
    until(lambda: home.state(BLIND).attributes["current_position"] == 30, what="at 30 %")


def test_what_happens_in_the_house_is_seen(home: HomeServer, server: MatterServer) -> None:
    """A door, a person, the weather in the cellar."""
    server.change(6, {"1/69/0": False})
    server.change(7, {"1/1030/0": 1})
    server.change(8, {"1/1026/0": -325})

    until(lambda: home.state(CONTACT).state == "on", what="the open door")
    until(lambda: home.state(OCCUPANCY).state == "on", what="somebody")
    until(lambda: home.state(CELLAR).state == "-3.25", what="frost")


def test_a_node_that_is_away_is_unavailable(home: HomeServer, server: MatterServer) -> None:
    """The server says so; the others stay."""
    server.change(3, {}, available=False)
    until(lambda: home.state(PLUG).state == "unavailable", what="unavailable")
    assert home.state(PORCH).state != "unavailable"
    server.change(3, {}, available=True)
    until(lambda: home.state(PLUG).state != "unavailable", what="back")


def test_what_a_bridge_cannot_reach_is_unavailable(home: HomeServer, server: MatterServer) -> None:
    """One lamp behind it, not the other."""
    server.change(11, {"4/57/17": False})
    until(lambda: home.state(WALL).state == "unavailable", what="unavailable")
    assert home.state(CEILING).state == "off"
    server.change(11, {"4/57/17": True})


def test_a_refusal_is_told(home: HomeServer, server: MatterServer) -> None:
    """With the server's words."""
    del server.nodes[1].attributes["1/768/16396"]  # as a device with a fault
    assert "InvalidCommand" in refused(home, LAMP, "turn_on", color_temp_kelvin=3000)
    server.nodes[1].attributes["1/768/16396"] = 500


def test_nodes_come_and_go(home: HomeServer, server: MatterServer) -> None:
    """What is commissioned is there at once; what is taken out of the network is forgotten."""
    entity_id = "sensor.matter_toaster"
    server.add(nodes.node(77, "Toaster", 0x79, {nodes.ON_OFF: {0: True}}))
    until(lambda: entity_id in home.home.states and home.state(entity_id).state == "on", what="the toaster")
    server.remove(77)
    until(lambda: entity_id not in home.home.states, what="its end")
    assert home.home.registries.entities.get(entity_id) is None
    assert all(device.name != "Toaster" for device in home.home.registries.devices.all())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("1/6/0", "yes"), ("1/8/0", {"a": 1}), ("1/768/7", 0), ("1/768/8", 99), ("1/768/3", 1e300), ("1/8/0", -5),
        ("nonsense", None), ("0/40/5", 5), ("1/29/0", 7), ("1/29/0", [{"0": "x"}, 5, None]),
    ],
)  # fmt: skip
def test_odd_values_harm_nothing(home: HomeServer, server: MatterServer, path: str, value: Any) -> None:
    """What makes no sense is not shown; the connection stays."""
    node = server.nodes[1]
    before = dict(node.attributes)
    server.change(1, {path: value})
    server.change(2, {"1/8/0": 100})
    until(lambda: home.home.states.get(PORCH) is not None, what="the other lamp")
    restored = {key: before.get(key) for key in node.attributes}
    server.change(1, restored)
    until(lambda: LAMP in home.home.states, what="the lamp")
    assert status(home) == "connected"


def test_a_server_that_is_gone_is_found_again(home: HomeServer, server: MatterServer) -> None:
    """Meanwhile nothing is pretended; what is different then is seen."""
    server.stop()
    until(lambda: home.state(PLUG).state == "unavailable", what="unavailable")
    assert status(home) == "disconnected" and listed(home)[0] == "disconnected"
    server.nodes[3].attributes["1/6/0"] = False
    del server.nodes[10]
    server.start()
    poll(home)
    until(lambda: home.state(PLUG).state == "off", what="the plug")
    until(lambda: DAMP not in home.home.states, what="the end of what was taken out")
    assert status(home) == "connected"


def test_what_was_taken_out_while_nobody_looked_is_forgotten(home: HomeServer, server: MatterServer) -> None:
    """Also by an actor that never knew it; a server that has lost all its nodes takes nothing away."""
    path = home.home.shared["lan_families"]["matter"].server().path
    server.drop()
    kept, server.nodes = server.nodes, {}
    home.home.system.restart(path)
    server.start()
    until(lambda: home.home.shared["lan_families"]["matter"].server() is not None, what="the actor")
    poll(home)
    until(lambda: status(home) == "connected", what="the connection to an empty server")
    until(lambda: home.state(PLUG).state == "unavailable", what="unavailable")
    server.drop()
    server.nodes = {node_id: node for node_id, node in kept.items() if node_id != 9}
    server.start()
    poll(home)
    until(lambda: home.state(PLUG).state == "off", what="the plug")
    until(lambda: BLIND not in home.home.states, what="the end of the blind")
    assert home.home.registries.entities.get(BLIND) is None
    assert all(device.name != "Study Blind" for device in home.home.registries.devices.all())


def test_without_a_server_it_is_not_running() -> None:
    """Configured, refused, and listed as inactive."""
    with home_server(bridges=("matter",), matter_url="ws://127.0.0.1:9/ws") as home:
        until(lambda: status(home) == "not_running", what="the refusal")
        assert listed(home) == ("inactive", 0)
        body = home.rest("GET", "/api/integrations/matter").json()
        assert (body["server_version"], body["devices"]) == (None, [])


def test_a_server_is_added_by_its_url(server: MatterServer) -> None:
    """Without a word in the files: nothing is tried until somebody names it, and what is wrong is said."""
    with home_server(bridges=("matter",)) as home:
        assert status(home) == "not_configured"
        flow = home.rest("POST", "/api/config/config_entries/flow", {"handler": "matter"}).json()
        assert flow["step_id"] == "user"
        path = f"/api/config/config_entries/flow/{flow['flow_id']}"
        assert home.rest("POST", path, {"url": "http://x"}).json()["errors"] == {"base": "invalid_host"}
        assert home.rest("POST", path, {"url": "ws://127.0.0.1:9/ws"}).json()["errors"] == {"base": "cannot_connect"}
        assert home.rest("POST", path, {"url": server.url}).json()["type"] == "create_entry"
        until(lambda: status(home) == "connected" and PLUG in home.home.states, what="the connection")
        [entry] = home.home.registries.config_entries.for_domain("matter")
        assert home.rest("DELETE", f"/api/config/config_entries/entry/{entry.entry_id}").status_code == 200
        until(lambda: PLUG not in home.home.states, what="its end")
        assert status(home) == "not_configured"


@pytest.mark.parametrize(("schema", "oldest", "word"), [(99, 98, "new"), (2, 2, "old")])
def test_a_server_that_speaks_otherwise_is_not_used(schema: int, oldest: int, word: str) -> None:
    """The reason is in the bridge's health."""
    other = MatterServer([], "127.0.0.1", 0, schema)
    other.oldest_schema = oldest
    other.start()
    try:
        with home_server(bridges=("matter",), matter_url=other.url) as home:
            until(lambda: status(home) == "not_running", what="the refusal")
            health = home.rest("GET", "/api/health").json()["integrations"]["matter"]
            assert f"too {word}" in health["last_error"]
    finally:
        other.drop()
