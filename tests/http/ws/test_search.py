"""`search/related`: from any item to what it belongs to, what belongs to it, and what names it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.domains.light import LightEntity
from tests.support.home import HomeServer, home_server

CONFIGURATION = """
input_boolean: {guest: {}}
group: {lamps: {entities: [light.lamp]}, nested: {entities: [group.lamps]}}
automation:
  - id: by_entity
    alias: By entity
    triggers: [{trigger: state, entity_id: [input_boolean.guest, light.lamp]}]
    conditions: [{or: [{condition: zone, entity_id: person.ann, zone: zone.home}]}]
    actions:
      - choose: [{conditions: "{{ true }}", sequence: [{action: script.greet}]}]
        default: [{scene: scene.evening}]
  - id: by_area
    alias: By area
    triggers: [{trigger: time, at: input_datetime.wake}]
    actions: [{action: light.turn_on, target: {area_id: den, label_id: [cosy], floor_id: up}}]
  - id: by_template
    alias: By template
    triggers: [{trigger: template, value_template: "{{ is_state('light.lamp', 'on') }}"}]
    actions: [{action: light.turn_on, target: {entity_id: "{{ 'light.lamp' }}"}, data: {brightness: 5}}]
script:
  greet: {sequence: [{action: light.turn_on, data: {entity_id: "light.lamp, light.other"}}]}
scene:
  - {id: s1, name: Evening, entities: {light.lamp: "on"}}
person:
  - {id: ann, name: Ann, device_trackers: [device_tracker.phone]}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as made:
        registries = made.home.registries
        floor = registries.floors.create("Up")
        registries.labels.create("Cosy")
        area = registries.areas.create("Den", floor_id=floor.floor_id, labels=["cosy"])
        entry = registries.config_entries.create("test", "Test")
        device = registries.devices.get_or_create(
            identifiers=[("test", "1")], name="Lamp", area_id=area.area_id, config_entry_id=entry.entry_id, new_id="d1"
        )
        registries.entities.get_or_create(
            "light", "test", "1", suggested_object_id="lamp", device_id=device.id, config_entry_id=entry.entry_id
        )
        lamp = LightEntity()
        lamp.unique_id = "1"
        made.home.entities.add(lamp, "light.lamp", "test")
        made.wait()
        yield made


def related(server: HomeServer, kind: str, item_id: str) -> dict[str, Any]:
    with server.websocket() as client:
        reply = client.command("search/related", item_type=kind, item_id=item_id)
    assert reply["success"], reply
    return {each: sorted(ids) for each, ids in reply["result"].items()}


def entry_id(server: HomeServer) -> str:
    return server.home.registries.config_entries.for_domain("test")[0].entry_id


def test_an_entity_leads_up_and_to_all_that_name_it(server: HomeServer) -> None:
    """Its device, area, floor and entry; automations, scripts, scenes and groups. Templates are not read."""
    assert related(server, "entity", "light.lamp") == {
        "area": ["den"], "floor": ["up"], "device": ["d1"], "config_entry": [entry_id(server)],
        "integration": ["test"], "automation": ["automation.by_entity"], "script": ["script.greet"],
        "scene": ["scene.evening"], "group": ["group.lamps"],
    }


def test_an_automation_leads_to_what_it_names_and_what_stands_behind_that(server: HomeServer) -> None:
    """Through the script and the scene that it uses, to the lamp and its place."""
    found = related(server, "automation", "automation.by_entity")
    named = {"input_boolean.guest", "light.lamp", "light.other", "person.ann", "scene.evening", "script.greet"}
    assert set(found["entity"]) >= named
    assert (found["area"], found["device"], found["script"]) == (["den"], ["d1"], ["script.greet"])


def test_places_lead_down_and_to_automations_that_name_them(server: HomeServer) -> None:
    """An area by its name, a floor, a label."""
    area = related(server, "area", "den")
    assert (area["floor"], area["label"], area["device"]) == (["up"], ["cosy"], ["d1"])
    assert area["entity"] == ["light.lamp"]
    assert area["automation"] == ["automation.by_area", "automation.by_entity"]
    assert related(server, "floor", "up")["area"] == ["den"]
    assert related(server, "label", "cosy") == {"automation": ["automation.by_area"], "area": ["den"]}


def test_groups_people_devices_entries_and_integrations(server: HomeServer) -> None:
    """Members, trackers, and what an integration made."""
    assert related(server, "group", "group.nested")["entity"] == ["group.lamps", "light.lamp"]
    assert related(server, "person", "person.ann")["entity"] == ["device_tracker.phone"]
    assert related(server, "device", "d1")["entity"] == ["light.lamp"]
    entry = related(server, "config_entry", entry_id(server))
    assert (entry["device"], entry["entity"], entry["integration"]) == (["d1"], ["light.lamp"], ["test"])
    assert related(server, "integration", "test")["config_entry"] == [entry_id(server)]


@pytest.mark.parametrize(
    "kind",
    [
        "area", "automation", "automation_blueprint", "config_entry", "device", "entity", "floor", "group",
        "integration", "label", "person", "scene", "script", "script_blueprint",
    ],
)
def test_nothing_is_related_to_what_is_not_there(server: HomeServer, kind: str) -> None:
    """An unknown item of any kind: nothing, and no error."""
    assert related(server, kind, "light.nope") == {}


def test_a_renamed_entity_is_found_by_its_new_id(server: HomeServer) -> None:
    """Automations that were written for the former id are still among those that name it."""
    with server.websocket() as client:
        client.command("config/entity_registry/update", entity_id="light.lamp", new_entity_id="light.tall")
        found = related(server, "entity", "light.tall")
        client.command("config/entity_registry/update", entity_id="light.tall", new_entity_id="light.lamp")

    assert found["automation"] == ["automation.by_entity"]
    assert found["group"] == ["group.lamps"]
    assert found["scene"] == ["scene.evening"]
