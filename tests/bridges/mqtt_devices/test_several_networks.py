"""Several zigbee2mqtts, other base topics, one that announces nothing, and homes that restart."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from marge.bridges.mqtt_devices.zigbee2mqtt.registry import identifier
from tests.bridges.mqtt_devices.zigbee import Address, Client, becomes, call, home_on, hub, network, zigbee2mqtt
from tests.support.broker import start_broker, stop_broker
from tests.support.waiting import until

BASE = "/api/integrations/zigbee2mqtt"


@pytest.fixture
def broker() -> Iterator[Address]:
    host, port, process = start_broker()
    yield host, port
    stop_broker(process)


def test_several_networks_are_found_by_themselves(broker: Address) -> None:
    """A second one on a base topic of its own; one of several levels is named in the configuration."""
    options = ("--base-topic", "zigbee2mqtt", "--base-topic", "attic", "--base-topic", "out/side", "--devices", "8")
    with zigbee2mqtt(broker, *options), home_on(broker, "", zigbee2mqtt=("zigbee2mqtt", "out/side")) as home:
        for base in ("zigbee2mqtt", "attic", "out/side"):
            until(lambda base=base: network(home, base).device_count == 8, what=base)  # type: ignore[misc]
        becomes(home, "light.light_2_1", "off")
        becomes(home, "light.light_3_1", "off")

        assert home.rest("GET", BASE).json()["device_count"] == 24
        ambiguous = home.rest("POST", f"{BASE}/restart")
        assert (ambiguous.status_code, "network" in ambiguous.json()["message"]) == (400, True)
        assert call(home, "health_check", network="attic")["network"] == "attic"
        assert call(home, "interview", device="Light 2-1")["network"] == "attic"
        assert home.rest("GET", f"{BASE}/devices?network=out/side").json()[0]["base_topic"] == "out/side"
        assert home.rest("GET", f"{BASE}/devices?network=nowhere").status_code == 404
        group = home.state("light.lights").attributes["friendly_name"]
        assert group == "Lights"
        call(home, "group_add", network="attic", name="Lofts")
        until(lambda: network(home, "attic").find_group("Lofts"))
        assert network(home).find_group("Lofts") is None


def test_nobody_can_make_more_and_more_networks(broker: Address) -> None:
    """Beyond sixteen the rest is left out; what is no zigbee2mqtt is none."""
    client = Client(broker)
    with home_on(broker) as home:
        client.send("stranger/bridge/info", {"version": "1"})
        for number in range(40):
            client.send(f"base{number}/bridge/info", {"version": "2.0", "coordinator": {}})
        until(lambda: len(hub(home).networks) == 16)
        client.send("zigbee2mqtt/bridge/info", {"version": "2.0", "coordinator": {}})
        until(lambda: network(home).info.version == "2.0")
        assert "stranger" not in hub(home).networks
        client.send("base3/bridge/info", b"")
        until(lambda: "base3" not in hub(home).networks, what="a network that is cleared")
    client.close()


def test_without_discovery_there_is_a_notice_that_mends_it(broker: Address) -> None:
    """`homeassistant` is off: a repair notice says so, switches it on, and is gone."""
    with zigbee2mqtt(broker, "--no-discovery", "--devices", "8"), home_on(broker) as home:
        issues = home.home.registries.issues
        until(lambda: issues.find("zigbee2mqtt", "discovery_off_zigbee2mqtt"))
        until(lambda: home.home.registries.devices.find([identifier("0x00158d0003010001")]), what="a device entry")
        flow = {"handler": "zigbee2mqtt", "issue_id": "discovery_off_zigbee2mqtt"}
        step = home.rest("POST", "/api/repairs/issues/fix", flow).json()
        done = home.rest("POST", f"/api/repairs/issues/fix/{step['flow_id']}", {})
        assert done.status_code == 200, done.text
        becomes(home, "light.light_1", "off")
        until(lambda: not issues.find("zigbee2mqtt", "discovery_off_zigbee2mqtt"))


def test_another_discovery_prefix_is_mended(broker: Address) -> None:
    """Announced elsewhere, and then a restart that is wanted: a notice each, and each is mended."""
    with zigbee2mqtt(broker, "--discovery-prefix", "elsewhere", "--devices", "8"), home_on(broker) as home:
        issues = home.home.registries.issues
        for kind in ("other_prefix", "restart_required"):
            issue_id = f"{kind}_zigbee2mqtt"
            until(lambda issue_id=issue_id: issues.find("zigbee2mqtt", issue_id))  # type: ignore[misc]
            flow = {"handler": "zigbee2mqtt", "issue_id": issue_id}
            step = home.rest("POST", "/api/repairs/issues/fix", flow).json()
            assert home.rest("POST", f"/api/repairs/issues/fix/{step['flow_id']}", {}).status_code == 200
        becomes(home, "light.light_1", "off")
        until(lambda: not issues.find("zigbee2mqtt", "other_prefix_zigbee2mqtt"))
        assert not issues.find("zigbee2mqtt", "restart_required_zigbee2mqtt")


AUTOMATION = """
automation:
  - id: follow
    alias: Follow
    triggers: [{trigger: state, entity_id: light.light_1, to: "on"}]
    actions: [{action: light.turn_on, target: {entity_id: light.colour_light_8}}]
"""


def test_a_renamed_device_takes_its_history_and_automations_along(broker: Address) -> None:
    """Also when its entity ids follow the new name."""
    with zigbee2mqtt(broker, "--devices", "8"), home_on(broker, AUTOMATION) as home:
        becomes(home, "light.light_1", "off")
        becomes(home, "light.colour_light_8", "off")
        renamed = call(home, "rename", device="Light 1", name="Hall", rename_entities=True)["entities"]
        assert renamed["light.light_1"] == "light.hall"
        until(lambda: home.state("light.hall").attributes["friendly_name"] == "Hall")
        home.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.hall"})
        becomes(home, "light.hall", "on")
        becomes(home, "light.colour_light_8", "on")
        (past,) = home.rest("GET", "/api/history/period?filter_entity_id=light.hall").json()
        assert {"off", "on"} <= {each["state"] for each in past}


def test_without_discovery_entities_come_from_what_is_exposed(broker: Address) -> None:
    """Lights, plugs, contacts and sensors work as announced ones do; zigbee2mqtt's discovery takes them over."""
    with zigbee2mqtt(broker, "--no-discovery", "--devices", "8"), home_on(broker) as home:
        for entity_id, state in (
            ("light.light_1", "off"), ("sensor.temperature_2_temperature", "20.0"), ("switch.plug_4", "off"),
            ("binary_sensor.contact_3_contact", "off"), ("sensor.humidity_5_humidity", "45"),
            ("binary_sensor.motion_6_occupancy", "off"), ("update.plug_4", "off"), ("light.colour_light_8", "off"),
        ):  # fmt: skip
            becomes(home, entity_id, state)
        for entity_id in ("light.light_1", "switch.plug_4"):
            domain = entity_id.partition(".")[0]
            home.rest("POST", f"/api/services/{domain}/turn_on", {"entity_id": entity_id})
            becomes(home, entity_id, "on")
        entry = home.home.registries.entities.get("light.light_1")
        assert entry is not None and entry.unique_id == "0x00158d0003010001_light_zigbee2mqtt"
        system = home.home.system
        first = system.actor("/bridges/mqtt")
        system.restart("/bridges/mqtt")
        mqtt = until(lambda: (found := system.actor("/bridges/mqtt")) is not first and found)
        until(lambda: mqtt.describe()["status"] == "running")
        call(home, "remove", device="Plug 4")
        becomes(home, "switch.plug_4", None)
        becomes(home, "light.light_1", "on")
        home.rest("POST", "/api/services/light/turn_off", {"entity_id": "light.light_1"})
        becomes(home, "light.light_1", "off")
        call(home, "options", options={"homeassistant": {"enabled": True}})
        until(lambda: network(home).info.discovery is True)
        until(lambda: home.state("light.light_1").attributes.get("effect_list"))
        assert home.home.registries.entities.get("light.light_1").id == entry.id  # type: ignore[union-attr]


def test_a_home_that_restarts_knows_everything_again(broker: Address, tmp_path: Path) -> None:
    """Retained messages bring it all back; a device that left meanwhile has no entry any more."""
    client = Client(broker)
    database = tmp_path / "marge.db"
    with zigbee2mqtt(broker, "--devices", "16", "--interview-failures", "1"):
        with home_on(broker, db_path=database) as home:
            becomes(home, "light.light_1", "off")
            call(home, "permit_join", time=60)
            until(lambda: network(home).device_count == 17)
            address = next(each for each in network(home).devices if each.startswith("0x00158d0002"))
            until(lambda: network(home).devices[address].interview_state == "FAILED")
            until(lambda: home.home.registries.devices.find([identifier(address)]))
            call(home, "rename", device="Light 1", name="Hall")
            until(lambda: network(home).find("Hall"))
            call(home, "permit_join", enable=False)
        client.send("zigbee2mqtt/simulator/leave", {"device": address})
        until(lambda: len(client.last("zigbee2mqtt/bridge/devices") or ()) == 17)
        with home_on(broker, db_path=database, with_users=False) as home:
            becomes(home, "light.light_1", "off")
            until(lambda: network(home).find("Hall"))
            until(lambda: home.home.registries.devices.find([identifier(address)]) is None)
            assert network(home).device_count == 16
    client.close()


def test_the_broker_restarts(broker: Address) -> None:
    """Requests fail at once meanwhile and the bridge says why; with the broker all comes back."""
    host, port, process = start_broker()
    with zigbee2mqtt((host, port), "--devices", "8"), home_on((host, port)) as home:
        becomes(home, "light.light_1", "off")
        stop_broker(process)
        health = lambda: home.rest("GET", "/api/health").json()["integrations"]["zigbee2mqtt"]  # noqa: E731
        until(lambda: health()["last_error"] == "no connection to the broker")
        becomes(home, "light.light_1", "unavailable")
        assert home.rest("POST", f"{BASE}/restart").status_code == 503
        _, _, process = start_broker(port=port)
        becomes(home, "light.light_1", "off")
        until(lambda: health()["status"] == "running")
        # The other side may need longer than we to find the broker again; what is asked before that stays unheard.
        ask = partial(home.rest, "POST", "/api/services/zigbee2mqtt/health_check?return_response", {})
        answer = until(lambda: (found := ask()).status_code == 200 and found, what="the bridge's answer")
        assert answer.json()["service_response"]["answer"] == {"healthy": True}
    stop_broker(process)


def test_the_actor_dies_and_its_successor_goes_on(broker: Address) -> None:
    """Nothing is lost: the networks outlive it, and retained messages come again."""
    with zigbee2mqtt(broker, "--devices", "8"), home_on(broker) as home:
        until(lambda: network(home).device_count == 8)
        system = home.home.system
        first = system.actor("/bridges/zigbee2mqtt")
        system.restart("/bridges/zigbee2mqtt")
        until(lambda: system.actor("/bridges/zigbee2mqtt") not in (None, first))
        call(home, "rename", device="Light 1", name="Hall")
        until(lambda: network(home).find("Hall"))
        assert network(home).device_count == 8
