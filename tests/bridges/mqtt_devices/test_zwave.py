"""Z-Wave JS UI at work: a simulated network on a real broker, and a home that follows and manages it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from marge.bridges.mqtt_devices.zwave.actions import ZWaveHub, hub_of, identifier
from marge.bridges.mqtt_devices.zwave.nodes import topic_part, value_path, value_told
from tests.bridges.mqtt_devices.fleet import Address, fleet, unique_ids
from tests.bridges.mqtt_devices.zigbee import Client, becomes, home_on, state
from tests.support.home import HomeServer
from tests.support.waiting import until

BASE = "/api/integrations/zwave"
API = "zwave/_CLIENTS/ZWAVE_GATEWAY-home/api"


@pytest.fixture(scope="module")
def simulator(broker: Address) -> Iterator[subprocess.Popen[bytes]]:
    with fleet(broker, "zwave-js-ui") as process:
        yield process


@pytest.fixture(scope="module")
def home(broker: Address, simulator: subprocess.Popen[bytes]) -> Iterator[HomeServer]:
    with home_on(broker) as server:
        until(lambda: told(server)["node_count"] == 9 and hub(server).gateway().home_id, what="the nodes")
        becomes(server, "switch.socket_2_switch", "off")
        until(lambda: _device(server, 1) is not None, what="the registry")
        yield server


def hub(server: HomeServer) -> ZWaveHub:
    found = hub_of(server.home)
    assert found is not None
    return found


def told(server: HomeServer) -> Any:
    return server.rest("GET", BASE).json()


def node(server: HomeServer, number: int) -> Any:
    return server.rest("GET", f"{BASE}/nodes/{number}").json()


def _device(server: HomeServer, number: int) -> Any:
    return server.home.registries.devices.find([("mqtt", identifier(hub(server).gateway(), number))])


def calls(client: Client, function: str) -> list[Any]:
    return [orjson.loads(payload)["args"] for name, payload in client.heard if name == f"{API}/{function}/set"]


def asked(client: Client, function: str, *expected: list[Any]) -> None:
    """These calls of the function, one after the other, come by: the broker tells the client of them in its own time,
    which may be later than the answer to us."""
    until(lambda: calls(client, function) == list(expected), what=f"{function} {expected}")


def service(server: HomeServer, called: str, **data: object) -> Any:
    answer = server.rest("POST", f"/api/services/{called.replace('.', '/')}", data)
    assert answer.status_code == 200, answer.text
    return answer


def test_gateway_and_nodes_are_known(home: HomeServer) -> None:
    """The list, the network's id, the registry: discovery's device and ours are one."""
    found = told(home)
    assert (found["connected"], found["node_count"]) == (True, 9)
    second = next(each for each in found["nodes"] if each["id"] == 2)
    assert (second["name"], second["product_label"], second["ready"], second["status"]) == (
        "Socket 2", "ZW096", True, "Alive",
    )  # fmt: skip
    (gateway,) = home.rest("GET", f"{BASE}/gateways").json()
    assert (gateway["name"], gateway["home_id"], gateway["version"], gateway["mode"]) == (
        "home", "0xe7b2d1f5", "9.31.0", "idle",
    )  # fmt: skip
    device = _device(home, 2)
    assert (device.name, device.manufacturer) == ("Socket 2", "AEON Labs")
    entry = home.home.registries.entities.get("switch.socket_2_switch")
    assert entry is not None and entry.device_id == device.id
    until(lambda: _device(home, 2).via_device_id == _device(home, 1).id)


def test_values_are_followed(home: HomeServer, client: Client) -> None:
    """By class, endpoint and property; when a node was heard last."""
    client.send("zwave/Multisensor_4/49/0/Air_temperature", {"time": 1767225700000, "value": 23.5})
    client.send("zwave/Multisensor_4/lastActive", {"time": 1, "value": 1767225700000})
    until(lambda: node(home, 4)["values"].get("49-0-Air_temperature", {}).get("value") == 23.5)
    assert node(home, 4)["last_active"] == 1767225700000
    assert home.rest("GET", f"{BASE}/nodes/4000").status_code == 404
    assert home.rest("GET", f"{BASE}/nodes/abc").status_code == 400


def test_switching_goes_through_discovery(home: HomeServer, client: Client) -> None:
    """The command is written to the target value."""
    client.heard.clear()
    service(home, "switch.turn_on", entity_id="switch.socket_2_switch")
    becomes(home, "switch.socket_2_switch", "on")
    until(lambda: ("zwave/Socket_2/37/0/targetValue/set", b"true") in client.heard)


def test_values_are_written_over_rest_and_by_service(home: HomeServer, client: Client) -> None:
    """Exactly the documented call; the gateway's refusal is told."""
    client.heard.clear()
    body = {"command_class": 37, "property": "targetValue", "value": False}
    assert home.rest("POST", f"{BASE}/nodes/2/set_value", body).json() == {"result": "ok", "answer": True}
    becomes(home, "switch.socket_2_switch", "off")
    place = {"nodeId": 2, "commandClass": 37, "endpoint": 0, "property": "targetValue", "value": False}
    asked(client, "writeValue", [place, False])
    wrong = home.rest("POST", f"{BASE}/nodes/2/set_value", {**body, "property": "nothing"}).json()
    assert wrong == {"result": "error", "message": "No value found to write"}
    device = _device(home, 2)
    service(home, "zwave_js.set_value", device_id=device.id, command_class="37", property="targetValue", value=True)
    becomes(home, "switch.socket_2_switch", "on")
    service(home, "zwave_js.multicast_set_value", entity_id=["switch.socket_2_switch"], command_class=37,
            property="targetValue", value=False)  # fmt: skip
    becomes(home, "switch.socket_2_switch", "off")
    client.heard.clear()
    service(home, "zwave_js.refresh_value", entity_id="switch.socket_2_switch")
    service(home, "zwave_js.refresh_value", entity_id="switch.socket_2_switch", refresh_all_values=True)
    service(home, "zwave_js.ping", device_id=device.id)
    asked(client, "pollValue", [{"nodeId": 2, "commandClass": 37, "endpoint": 0, "property": "currentValue"}])
    asked(client, "refreshValues", [2])
    asked(client, "pingNode", [2])


def test_configuration_parameters(home: HomeServer, client: Client) -> None:
    """Whole, a part by its mask, several parts; administrators only."""
    device = _device(home, 2).id
    client.heard.clear()
    service(home, "zwave_js.set_config_parameter", device_id=device, parameter=3, value=5)
    place = {"nodeId": 2, "commandClass": 112, "endpoint": 0, "property": 3}
    until(lambda: calls(client, "writeValue") == [[{**place, "value": 5}, 5]])
    refused = home.rest(
        "POST", "/api/services/zwave_js/set_config_parameter", {"device_id": device, "parameter": 3, "value": 5},
        token=home.user_token,
    )  # fmt: skip
    assert refused.status_code == 401
    client.heard.clear()
    service(home, "zwave_js.bulk_set_partial_config_parameters", device_id=device, parameter=3,
            value={"0x01": 1, "2": 0})  # fmt: skip
    until(lambda: len(calls(client, "writeValue")) == 2)
    assert [args[0]["propertyKey"] for args in calls(client, "writeValue")] == [1, 2]
    client.heard.clear()
    service(home, "zwave_js.invoke_cc_api", device_id=device, command_class=37, method_name="set", parameters=[True])
    asked(client, "sendCommand", [{"nodeId": 2, "endpoint": 0, "commandClass": 37}, "set", [True]])


def test_devices_join_and_leave(home: HomeServer, client: Client) -> None:
    """With events on the bus; lists and registry follow."""
    with home.websocket() as ws:
        events = ws.command("subscribe_events", event_type="zwave_js_ui_event")["id"]
        assert home.rest("POST", f"{BASE}/start_inclusion", {"strategy": "s2"}).json()["answer"] is True
        assert ws.event(events)["data"]["event"] == "inclusion_started"
        until(lambda: told(home)["node_count"] == 10, what="the new node")
        until(lambda: _device(home, 10) is not None)
        asked(client, "startInclusion", [4])
        assert home.rest("POST", f"{BASE}/start_exclusion").json()["answer"] is True
        until(lambda: told(home)["node_count"] == 9)
        until(lambda: _device(home, 10) is None)
        asked(client, "startExclusion", [{"strategy": 1}])
    service(home, "zwave_js_ui.start_inclusion", name="Lamp", location="Hall")
    asked(client, "startInclusion", [4], [0, {"name": "Lamp", "location": "Hall"}])
    assert home.rest("POST", f"{BASE}/stop_inclusion").json()["answer"] is True


def test_a_dead_node_is_shown_and_removed(home: HomeServer, client: Client) -> None:
    """Its entities are unavailable; a living one is not removed."""
    answer = home.rest("POST", f"{BASE}/nodes/5/remove_failed_node").json()
    assert answer["result"] == "error" and "still responding" in answer["message"]
    becomes(home, "lock.lock_5_lock", "locked")
    client.send("zwave-simulator/5", {"status": "Dead"})
    becomes(home, "lock.lock_5_lock", "unavailable")
    until(lambda: node(home, 5)["status"] == "Dead")
    body = {"command_class": 98, "property": "targetMode", "value": 0}
    assert "did not respond" in home.rest("POST", f"{BASE}/nodes/5/set_value", body).json()["message"]
    assert home.rest("POST", f"{BASE}/nodes/5/ping").json() == {"result": "ok", "answer": False}
    assert home.rest("POST", f"{BASE}/nodes/5/remove_failed_node").json()["result"] == "ok"
    until(lambda: told(home)["node_count"] == 8)
    becomes(home, "lock.lock_5_lock", None)
    assert home.rest("POST", f"{BASE}/nodes/1/remove_failed_node").status_code == 400
    client.send("zwave-simulator/4", {"status": "Asleep"})
    until(lambda: node(home, 4)["status"] == "Asleep")
    assert state(home, "sensor.multisensor_4_air_temperature") != "unavailable"


def test_what_is_malformed_is_refused(home: HomeServer) -> None:
    """With the reason; and only administrators may ask."""
    for path, body in (
        ("start_inclusion", {"strategy": "magic"}), ("start_inclusion", []), ("nodes/2/set_value", {}),
        ("nodes/2/set_value", {"command_class": 0, "property": "x", "value": 1}), ("validate_dsk", {"pin": "1"}),
        ("nodes/2/set_value", {"command_class": 37, "property": "x", "value": [[[[[[[1]]]]]]]}),
        ("nodes/2/invoke_cc_api", {"command_class": 37, "method_name": "a.b"}), ("nodes/0/ping", {}),
    ):  # fmt: skip
        assert home.rest("POST", f"{BASE}/{path}", body).status_code == 400, (path, body)
    assert home.rest("POST", f"{BASE}/hard_reset").status_code == 404
    assert home.rest("POST", f"{BASE}/nodes/2/start_inclusion").status_code == 404
    assert home.rest("POST", f"{BASE}/start_inclusion", token=home.user_token).status_code in (401, 403)


def test_nonsense_does_no_harm(home: HomeServer, client: Client) -> None:
    """Broken messages are dropped."""
    for payload in (b"\xff\xfe", b"{broken", b"[1, {}, null]", b"5", b'"x"', b"null", b'{"id": "x", "success": []}'):
        for topic in (
            "Socket_2/status", "Socket_2/nodeinfo", "Socket_2/lastActive", "Socket_2/37/0/currentValue", "x/y/z/1/2/3",
            "_CLIENTS/ZWAVE_GATEWAY-home/api/getNodes", "_CLIENTS/ZWAVE_GATEWAY-home/api/getInfo",
            "_CLIENTS/ZWAVE_GATEWAY-home/version", "_EVENTS/ZWAVE_GATEWAY-home/controller/node_removed",
        ):  # fmt: skip
            client.send(f"zwave/{topic}", payload)
    client.send("zwave/_CLIENTS/ZWAVE_GATEWAY-home/status", {"value": True})

    def is_on() -> bool:
        # Again and again: the list that was asked for after `node_removed` says otherwise when it comes.
        client.send("zwave/Socket_2/37/0/currentValue", {"time": 1, "value": True})
        return node(home, 2)["values"]["37-0-currentValue"]["value"] is True

    until(is_on)
    actor = home.home.system.actor("/bridges/zwave")
    assert actor is not None and actor.describe()["status"] == "running"
    assert home.rest("POST", f"{BASE}/nodes/2/ping").json()["result"] == "ok"


def test_a_gateway_that_is_gone_says_so(
    home: HomeServer, broker: Address, simulator: subprocess.Popen[bytes], client: Client
) -> None:
    """Its will speaks; calls are refused at once; the list stays; everything comes back."""
    simulator.kill()
    until(lambda: told(home)["connected"] is False)
    becomes(home, "switch.socket_2_switch", "unavailable")
    answer = home.rest("POST", f"{BASE}/nodes/2/ping").json()
    assert answer["result"] == "error" and "offline" in answer["message"]
    assert told(home)["node_count"] == 8
    with fleet(broker, "zwave-js-ui", "--named-topics", "--payload", "object"):
        until(lambda: told(home)["connected"] and told(home)["node_count"] == 9)
        becomes(home, "switch.socket_2_switch", "off")
        until(lambda: "binary_switch-0-currentValue" in node(home, 2)["values"] or node(home, 2)["values"])
        service(home, "switch.turn_on", entity_id="light.dimmer_3_dimmer")
    assert len([each for each in unique_ids(home, "mqtt") if "_2-37-0" in each]) == 1


def test_topics_and_payloads_have_several_forms() -> None:
    """Numbers or names, with keys; time and value, everything, or just the value."""
    assert value_path(["37", "0", "currentValue"]) == (
        "37-0-currentValue", {"command_class": 37, "endpoint": 0, "property": "currentValue"},
    )  # fmt: skip
    named = value_path(["meter", "endpoint_1", "value", "66049"])
    assert named is not None and named[1]["property_key"] == "66049" and named[1]["endpoint"] == 1
    assert value_path(["meter", "x", "value"]) is None
    assert value_told({"time": 5, "value": 1}) == ({"value": 1, "time": 5}, None)
    assert value_told(True) == ({"value": True}, None)
    whole, value_id = value_told({"commandClass": 49, "endpoint": 0, "property": "Air temperature", "value": 2})
    assert (whole["value"], value_id) == (2, "49-0-Air temperature")
    assert topic_part("Küche Lampe.1") == "Kuche_Lampe_1"
