"""zigbee2mqtt at work: the simulated one on a real broker, and a home that follows and manages it."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from marge.bridges.mqtt_devices.zigbee2mqtt.registry import bridge_identifier, identifier
from tests.bridges.mqtt_devices.zigbee import (
    Address,
    Client,
    becomes,
    call,
    collect,
    home_on,
    hub,
    network,
    state,
    zigbee2mqtt,
)
from tests.support.home import HomeServer
from tests.support.waiting import until

BASE = "/api/integrations/zigbee2mqtt"
NONSENSE = (b"\xff\xfe", b"{broken", b"[1, {}, null]", b'{"type": 5}', b"5", b'"x"', b"null", b'{"data": [1]}')


@pytest.fixture(scope="module")
def simulator(broker: Address) -> Iterator[subprocess.Popen[bytes]]:
    with zigbee2mqtt(broker) as process:
        yield process


@pytest.fixture(scope="module")
def home(broker: Address, simulator: subprocess.Popen[bytes]) -> Iterator[HomeServer]:
    with home_on(broker) as server:
        until(lambda: network(server).device_count >= 37, what="the devices")
        becomes(server, "light.porch", "off")
        yield server


def test_the_network_is_known(home: HomeServer) -> None:
    """State, version, coordinator, devices and groups, over REST and in the actor's figures."""
    (found,) = home.rest("GET", f"{BASE}/networks").json()

    assert (found["base_topic"], found["state"], found["device_count"]) == ("zigbee2mqtt", "online", 37)
    assert found["coordinator"]["ieee_address"] == "0x00124b0001000000"
    assert (found["permit_join"], found["discovery"], found["channel"]) == (False, True, 11)
    actor = home.home.system.inspect("/bridges/zigbee2mqtt")
    assert actor["summary" if "summary" in actor else "status"]
    groups = {group["friendly_name"]: group for group in home.rest("GET", f"{BASE}/groups").json()}
    assert len(groups["Living Room Lights"]["members"]) == 4


def test_devices_have_what_is_known_of_them(home: HomeServer) -> None:
    """Availability, interview, groups, firmware, and the id in the device registry; exposes for one device only."""
    listed = {device["friendly_name"]: device for device in home.rest("GET", f"{BASE}/devices").json()}
    lamp = listed["Living Room Lamp"]
    until(lambda: home.rest("GET", f"{BASE}/devices/Porch").json()["available"] is True)

    assert len(listed) == 37
    assert "exposes" not in lamp["definition"]
    assert (lamp["interview_state"], lamp["supports_ota"], lamp["groups"]) == ("SUCCESSFUL", True, [1])
    one = home.rest("GET", f"{BASE}/devices/{lamp['ieee_address']}").json()
    assert one["definition"]["exposes"][0]["type"] == "light"
    assert home.rest("GET", f"{BASE}/devices/{one['device_id']}").json()["ieee_address"] == lamp["ieee_address"]
    assert home.rest("GET", f"{BASE}/devices/nobody").status_code == 404


def test_discovery_and_the_list_of_devices_meet_in_one_entry(home: HomeServer) -> None:
    """One device entry: identifiers of discovery, the Zigbee address as a connection, the coordinator above it."""
    devices = home.home.registries.devices
    address = "0x00158d0001000008"
    until(lambda: (found := devices.find([identifier(address)])) is not None and found.connections)
    porch = devices.find([identifier(address)])
    bridge = devices.find([bridge_identifier("0x00124b0001000000")])

    assert porch is not None and bridge is not None
    assert porch.connections == (("zigbee", address),)
    assert (porch.name, porch.via_device_id, bridge.name) == ("Porch", bridge.id, "Zigbee2MQTT Bridge")
    assert [entry.entity_id for entry in home.home.registries.entities.for_device(porch.id)][0] == "light.porch"


def test_a_group_is_a_light(home: HomeServer) -> None:
    """Switching it switches its members, and a member that goes on shows in it."""
    becomes(home, "light.living_room_lights", "off")
    home.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.living_room_lights"})
    for entity_id in ("light.living_room_main", "light.living_room_floor", "light.living_room_lights"):
        becomes(home, entity_id, "on")
    home.rest("POST", "/api/services/light/turn_off", {"entity_id": "light.living_room_lights"})
    becomes(home, "light.living_room_floor", "off")
    home.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.living_room_lamp"})
    becomes(home, "light.living_room_lights", "on")


def test_groups_are_made_and_changed(home: HomeServer) -> None:
    """A new group gets members, an entity with the first of them, another name, and an end."""
    answer = call(home, "group_add", name="Evening")["answer"]
    until(lambda: network(home).find_group("Evening"))
    call(home, "group_member_add", group="Evening", device="Bedroom")
    becomes(home, "light.evening", "off")
    call(home, "group_rename", group=answer["id"], name="Night")
    until(lambda: network(home).find_group("Night"))
    assert home.rest("POST", f"{BASE}/group_add", {"name": "Night"}).status_code == 502
    call(home, "group_remove", group="Night")
    becomes(home, "light.evening", None)
    assert home.rest("POST", f"{BASE}/group_remove", {"group": "Night"}).status_code == 404


def test_a_device_joins_while_joining_is_open(home: HomeServer) -> None:
    """It is interviewed, gets entities and a device entry; who listens is told each step; joining ends by itself."""
    told, end = collect(home)
    answer = call(home, "permit_join", time=3)
    assert (answer["network"], answer["permit_join"], answer["time"]) == ("zigbee2mqtt", True, 3)
    (found,) = home.rest("GET", f"{BASE}/networks").json()
    assert found["permit_join"] is True and found["permit_join_until"] > home.home.clock.now()
    until(lambda: network(home).device_count == 38)
    until(lambda: any(each["type"] == "device_interview" and each["data"]["status"] == "successful" for each in told))
    newcomer = next(each["data"]["ieee_address"] for each in told if each["type"] == "device_joined")
    becomes(home, f"switch.{newcomer}", "off")
    until(lambda: not network(home).permit_join.open, what="joining ends")
    until(lambda: told[-1]["type"] == "permit_join" and told[-1]["data"]["open"] is False)
    end()

    devices = home.home.registries.devices
    until(lambda: (entry := devices.find([identifier(newcomer)])) is not None and entry.connections)
    kinds = [each["type"] for each in told]
    assert kinds.index("permit_join") < kinds.index("device_joined") < kinds.index("device_interview")


def test_a_renamed_device_keeps_its_entity(home: HomeServer) -> None:
    """The entity id stays, commands and states go over the new topics; with the option the id follows the name."""
    call(home, "rename", device="Kitchen", name="Cook/Lamp")
    until(lambda: network(home).find("Cook/Lamp"))
    becomes(home, "light.kitchen", "off")
    until(lambda: home.state("light.kitchen").attributes["friendly_name"] == "Cook/Lamp")
    home.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.kitchen"})
    becomes(home, "light.kitchen", "on")

    renamed = call(home, "rename", device="Cook/Lamp", name="Galley", rename_entities=True)["entities"]
    assert renamed == {}  # it was not called like the device any more
    renamed = call(home, "rename", device="Bathroom", name="Bath", rename_entities=True)["entities"]
    assert renamed["light.bathroom"] == "light.bath"
    becomes(home, "light.bath", "off")
    assert home.home.states.find("light.bathroom").entity_id == "light.bath"  # type: ignore[union-attr]


def test_what_cannot_be_done_says_why(home: HomeServer) -> None:
    """zigbee2mqtt's own words reach the caller; unknown devices and wrong fields never reach zigbee2mqtt."""
    refused = home.rest("POST", f"{BASE}/rename", {"device": "Porch", "name": "Pathway"})
    assert (refused.status_code, refused.json()) == (502, {"message": "friendly_name 'Pathway' is already in use"})
    sent = hub(home).requests.figures.sent
    assert home.rest("POST", f"{BASE}/rename", {"device": "Attic", "name": "X"}).status_code == 404
    bodies: tuple[Any, ...] = (
        {}, {"device": 5, "name": "X"}, {"device": "Porch", "name": "a/+/b"}, {"device": "Porch"}, [], "x",
    )  # fmt: skip
    for body in bodies:
        assert home.rest("POST", f"{BASE}/rename", body).status_code == 400
    assert home.rest("POST", f"{BASE}/ota_update", {"device": "Smoke Detector"}).status_code == 400
    assert home.rest("POST", f"{BASE}/fly", {}).status_code == 404
    assert hub(home).requests.figures.sent == sent


def test_firmware_is_looked_for_and_updated(home: HomeServer) -> None:
    """The state is told step by step, and the release is the new one afterwards."""
    assert call(home, "ota_check", device="Porch")["update_available"] is True
    told, end = collect(home)
    assert call(home, "ota_update", device="Porch")["state"] in ("updating", "done")
    again = home.rest("POST", f"{BASE}/ota_update", {"device": "Porch"})
    until(lambda: home.rest("GET", f"{BASE}/devices/Porch").json()["update"]["state"] == "idle")
    update = home.rest("GET", f"{BASE}/devices/Porch").json()["update"]
    end()

    assert update["installed_version"] == update["latest_version"]
    assert again.status_code == 502
    assert any(each["type"] == "update" and each["data"]["progress"] for each in told)
    assert call(home, "ota_check", device="Porch")["update_available"] is False


def test_the_update_entity_installs(home: HomeServer) -> None:
    """zigbee2mqtt's own update entity shows the release that is waiting, and installs it."""
    call(home, "ota_check", device="Bedroom")
    becomes(home, "update.bedroom", "on")
    home.rest("POST", "/api/services/update/install", {"entity_id": "update.bedroom"})
    becomes(home, "update.bedroom", "off")
    assert home.rest("GET", f"{BASE}/devices/Bedroom").json()["update"]["state"] == "idle"


def test_joining_through_one_device(home: HomeServer) -> None:
    """It is told through which; what cannot let others join is refused."""
    call(home, "permit_join", time=100, device="Porch")
    assert home.rest("GET", f"{BASE}/networks").json()[0]["permit_join_via"] == "Porch"
    call(home, "permit_join", enable=False)
    assert home.rest("POST", f"{BASE}/permit_join", {"enable": True, "device": "nobody"}).json()["result"] == "error"
    answer = home.rest("POST", "/api/services/zigbee2mqtt/permit_join", {"device": "Smoke Detector"})
    assert answer.status_code == 500 and "cannot let others join" in answer.text
    until(lambda: not network(home).permit_join.open)


def test_interview_configure_options_and_checks(home: HomeServer) -> None:
    """The other requests of a device and of the bridge."""
    assert call(home, "interview", device="Pathway")["answer"] == {"id": "0x00158d0001000009"}
    assert call(home, "configure", device="Pathway")["answer"] == {"id": "0x00158d0001000009"}
    changed = call(home, "device_options", device="Pathway", options={"retain": True})["answer"]
    assert changed["to"] == {"retain": True}
    assert call(home, "health_check")["answer"] == {"healthy": True}
    assert call(home, "coordinator_check")["answer"] == {"missing_routers": []}
    assert call(home, "bind", device="Pathway", to="Living Room Lights")["answer"]["failed"] == []


def test_the_network_map(home: HomeServer) -> None:
    """As data and as a drawing; the last one is kept; too short a time is told as such."""
    assert home.rest("POST", f"{BASE}/network_map", {"timeout": 1}).status_code == 504
    again = home.rest("POST", f"{BASE}/network_map")
    assert again.status_code == 400 and "being made" in again.json()["message"]
    until(lambda: home.rest("GET", f"{BASE}/network_map").json()["map"] is not None, what="the late map")
    drawing = call(home, "network_map", type="graphviz")
    assert drawing["value"].startswith("digraph")
    last = home.rest("GET", f"{BASE}/network_map").json()
    assert (last["map"]["type"], last["in_progress"]) == ("graphviz", False)


def test_only_administrators(home: HomeServer) -> None:
    """Others may look at the short list, and nothing else."""
    for method, path in (("GET", "networks"), ("GET", "devices"), ("POST", "restart"), ("POST", "permit_join")):
        assert home.rest(method, f"{BASE}/{path}", token=home.user_token).status_code == 401
    answer = home.rest("POST", "/api/services/zigbee2mqtt/restart", {}, token=home.user_token)
    assert answer.status_code == 401
    assert home.rest("GET", BASE, token=home.user_token).status_code == 200


def test_over_websocket(home: HomeServer) -> None:
    """The same, and a subscription to what happens."""
    with home.websocket() as ws:
        assert len(ws.command("zigbee2mqtt/devices")["result"]) == network(home).device_count
        assert ws.command("zigbee2mqtt/device", device="Porch")["result"]["friendly_name"] == "Porch"
        assert ws.command("zigbee2mqtt/networks")["result"][0]["state"] == "online"
        subscription = ws.command("zigbee2mqtt/subscribe")["id"]
        assert ws.command("zigbee2mqtt/permit_join", time=200)["result"]["permit_join"] is True
        assert ws.event(subscription)["data"]["open"] is True
        assert ws.command("zigbee2mqtt/permit_join", enable=False)["success"]
        until(lambda: not network(home).permit_join.open)
        drawn = ws.command("zigbee2mqtt/network_map", map_type="graphviz")["result"]
        assert drawn["type"] == "graphviz"
        assert ws.command("zigbee2mqtt/group_add", name="By number", group_id=4711)["result"]["answer"]["id"] == 4711
        refused = ws.command("zigbee2mqtt/remove", device="nobody")
        assert (refused["success"], refused["error"]["code"]) == (False, "not_found")
    with home.websocket(home.user_token) as ws:
        assert ws.command("zigbee2mqtt/networks")["error"]["code"] == "unauthorized"


def test_a_device_is_removed(home: HomeServer, client: Client) -> None:
    """One that does not answer only by force. Its entities and its device entry go with it."""
    client.send("zigbee2mqtt/simulator/reach", {"device": "Voltage", "online": False})
    becomes(home, "sensor.voltage", "unavailable")
    refused = home.rest("POST", f"{BASE}/remove", {"device": "Voltage"})
    assert refused.status_code == 502 and "Failed to remove" in refused.json()["message"]
    address = network(home).find("Voltage").ieee_address  # type: ignore[union-attr]
    assert call(home, "remove", device="Voltage", force=True)["answer"]["force"] is True
    becomes(home, "sensor.voltage", None)
    until(lambda: home.home.registries.devices.find([identifier(address)]) is None)
    until(lambda: network(home).find("Voltage") is None)  # the bridge hears of it by another topic


def test_malformed_messages_and_floods(home: HomeServer, client: Client) -> None:
    """Whatever arrives, the bridge lives on with what it knew, and counts."""
    actor = home.home.system.actor("/bridges/zigbee2mqtt")
    count = network(home).device_count
    for topic in ("state", "info", "groups", "event", "logging", "health", "response/permit_join", "response"):
        for payload in NONSENSE:
            client.send(f"zigbee2mqtt/bridge/{topic}", payload)
    for payload in (b"\xff", b"{", b"{}", b"7"):
        client.send("zigbee2mqtt/bridge/devices", payload)
        client.send("zigbee2mqtt/Porch/availability", payload)
    for number in range(5_000):
        event = b'{"type":"device_announce","data":{"ieee_address":"0x%d"}}' % number
        client.client.publish("zigbee2mqtt/bridge/event", event)
        client.client.publish("zigbee2mqtt/bridge/logging", b'{"level":"error","message":"no %d"}' % number)
    client.send("zigbee2mqtt/bridge/groups", [])
    client.send("zigbee2mqtt/bridge/state", {"state": "offline"})
    until(lambda: network(home).state == "offline")
    client.send("zigbee2mqtt/bridge/state", {"state": "online"})
    until(lambda: network(home).state == "online")
    until(lambda: not network(home).groups)

    assert home.home.system.actor("/bridges/zigbee2mqtt") is actor
    figures = actor.describe()  # type: ignore[union-attr]
    assert figures["malformed"] > 10  # of what is retained only the last message is looked at
    assert figures["log_lines_left_out"] > 1_000
    assert network(home).device_count == count


def test_the_bridge_is_killed_and_comes_back(
    home: HomeServer, broker: Address, simulator: subprocess.Popen[bytes]
) -> None:
    """Entities are unavailable meanwhile, requests fail at once, and all is as before afterwards."""
    simulator.send_signal(signal.SIGKILL)
    becomes(home, "light.porch", "unavailable")
    until(lambda: network(home).state == "offline")
    answer = home.rest("POST", f"{BASE}/restart")
    assert (answer.status_code, "offline" in answer.json()["message"]) == (503, True)
    health = home.rest("GET", "/api/health").json()["integrations"]["zigbee2mqtt"]
    assert (health["status"], health["last_error"]) == ("degraded", "offline: zigbee2mqtt")
    with zigbee2mqtt(broker):
        becomes(home, "light.porch", "off")
        until(lambda: network(home).state == "online")
        assert home.rest("GET", "/api/health").json()["integrations"]["zigbee2mqtt"]["status"] == "running"
        call(home, "restart")
        until(lambda: state(home, "light.porch") == "unavailable")
        becomes(home, "light.porch", "off")
