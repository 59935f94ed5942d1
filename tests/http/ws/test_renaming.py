"""Renaming an entity keeps its automations working: what was written for the former id means the entity still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marge.domains.light import LightEntity
from tests.support.home import HomeServer, WebSocketClient, home_server
from tests.support.waiting import until

CONFIGURATION = """
input_boolean: {wish: {}, lamp_is_on: {}, asked: {}}
input_number: {level: {min: 0, max: 100}}
group: {lamps: {entities: [light.lamp]}}
template: []
automation:
  - alias: Follows
    triggers: [{trigger: state, entity_id: light.lamp, to: "on"}]
    actions: [{action: input_boolean.turn_on, target: {entity_id: input_boolean.lamp_is_on}}]
  - alias: Any change
    id: any_change
    mode: queued
    triggers: [{trigger: state, entity_id: light.lamp}]
    actions: [{event: lamp_changed}]
  - alias: Commands
    triggers: [{trigger: state, entity_id: input_boolean.wish, to: "on"}]
    conditions: [{condition: state, entity_id: light.lamp, state: "off"}]
    actions: [{action: light.turn_on, target: {entity_id: light.lamp}}]
  - alias: Template
    triggers: [{trigger: template, value_template: "{{ is_state('light.lamp', 'on') }}"}]
    actions: [{action: input_boolean.turn_on, target: {entity_id: input_boolean.asked}}]
scene:
  - {name: Dark, entities: {light.lamp: "off"}}
"""


class Lamp(LightEntity):
    def __init__(self, unique_id: str) -> None:
        self.unique_id = unique_id
        self.name = "Lamp"
        self.is_on = False
        self.supported_color_modes = frozenset({"onoff"})
        self.color_mode = "onoff"


@pytest.fixture
def server() -> Iterator[HomeServer]:
    def prepare(running) -> None:
        running.home.entities.add(Lamp("1"), "light.lamp", "test")

    with home_server(CONFIGURATION, prepare=prepare) as made:
        made.wait()
        yield made


@pytest.fixture
def client(server: HomeServer) -> Iterator[WebSocketClient]:
    with server.websocket() as made:
        yield made


def rename(client: WebSocketClient, old: str, new: str) -> None:
    reply = client.command("config/entity_registry/update", entity_id=old, new_entity_id=new)
    assert reply["success"], reply


def state(server: HomeServer, entity_id: str) -> str | None:
    found = server.home.states.get(entity_id)
    return None if found is None else found.state


def test_automations_written_for_the_former_id_go_on(server: HomeServer, client: WebSocketClient) -> None:
    """Triggers, conditions, targets and templates find the entity under its new id."""
    rename(client, "light.lamp", "light.reading")
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.wish"})

    until(lambda: state(server, "light.reading") == "on")
    until(lambda: state(server, "input_boolean.lamp_is_on") == "on")
    until(lambda: state(server, "input_boolean.asked") == "on")
    assert state(server, "group.lamps") == "on"
    assert server.rest("POST", "/api/template", {"template": "{{ states('light.lamp') }}"}).text == "on"


def test_a_rename_itself_triggers_nothing(server: HomeServer, client: WebSocketClient) -> None:
    """No automation takes it for a change, and the next change triggers once."""
    heard: list[str] = []
    server.home.bus.subscribe(lambda event: heard.append(event.event_type), "lamp_changed")
    rename(client, "light.lamp", "light.reading")
    rename(client, "light.reading", "light.desk")
    server.wait()
    assert heard == []

    server.home.entities.report("light.desk", is_on=True)
    until(lambda: heard)
    server.wait()
    assert heard == ["lamp_changed"]


def test_scenes_and_groups_reach_it_too(server: HomeServer, client: WebSocketClient) -> None:
    """A scene of the former id sets it; a call on the group reaches it."""
    rename(client, "light.lamp", "light.reading")
    server.rest("POST", "/api/services/homeassistant/turn_on", {"entity_id": "group.lamps"})
    until(lambda: state(server, "light.reading") == "on")
    server.rest("POST", "/api/services/scene/turn_on", {"entity_id": "scene.dark"})

    until(lambda: state(server, "light.reading") == "off")


def test_who_takes_the_former_id_is_meant_by_it(server: HomeServer, client: WebSocketClient) -> None:
    """From then on automations hear of the new owner of the id, and no longer of the renamed one."""
    rename(client, "light.lamp", "light.reading")
    server.rest("POST", "/api/states/light.lamp", {"state": "off"})
    server.home.entities.report("light.reading", is_on=True)
    server.wait()
    assert state(server, "input_boolean.lamp_is_on") == "off"

    server.rest("POST", "/api/states/light.lamp", {"state": "on"})
    until(lambda: state(server, "input_boolean.lamp_is_on") == "on")
    assert server.home.registries.entities.former == {}


def test_an_automation_loaded_after_the_rename_follows_too(server: HomeServer, client: WebSocketClient) -> None:
    """A trigger that is attached for a former id hears of the entity."""
    rename(client, "light.lamp", "light.reading")
    client.command("subscribe_trigger", trigger={"platform": "state", "entity_id": "light.lamp"})
    server.home.entities.report("light.reading", is_on=True)

    assert client.event(2)["variables"]["trigger"]["entity_id"] == "light.reading"


def test_renaming_back_ends_where_it_began(server: HomeServer, client: WebSocketClient) -> None:
    """Both ids mean the entity on the way, and it has its first one in the end."""
    rename(client, "light.lamp", "light.reading")
    rename(client, "light.reading", "light.lamp")
    server.rest("POST", "/api/services/light/turn_on", {"entity_id": "light.reading"})

    assert state(server, "light.lamp") == "on"
    until(lambda: state(server, "input_boolean.lamp_is_on") == "on")


def test_an_id_that_is_taken_or_wrong_is_refused(server: HomeServer, client: WebSocketClient) -> None:
    """HA's words, and nothing has changed: not the other fields of the message either."""
    server.rest("POST", "/api/states/light.virtual", {"state": "on"})
    for new_id, text in (
        ("light.virtual", "Entity with this ID is already registered"),
        ("switch.lamp", "New entity ID should be same domain"),
        ("lamp", "Invalid entity ID"),
    ):
        reply = client.command(
            "config/entity_registry/update", entity_id="light.lamp", new_entity_id=new_id, name="Half"
        )
        assert reply["error"] == {"code": "invalid_info", "message": text}
    entry = server.home.registries.entities.get("light.lamp")
    assert entry is not None and entry.name is None


def test_a_disabled_entity_can_be_renamed(server: HomeServer, client: WebSocketClient) -> None:
    """It comes back under its new id, and what was written for the former one finds it."""
    client.command("config/entity_registry/update", entity_id="light.lamp", disabled_by="user")
    rename(client, "light.lamp", "light.reading")
    assert "light.reading" not in server.home.states
    client.command("config/entity_registry/update", entity_id="light.reading", disabled_by=None)
    server.home.entities.report("light.reading", is_on=True)

    until(lambda: state(server, "input_boolean.lamp_is_on") == "on")


def test_helpers_are_disabled_and_enabled_with_their_value(server: HomeServer, client: WebSocketClient) -> None:
    """A switch of the mind that was on is on again; a disabled automation does not react."""
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.asked"})
    client.command("config/entity_registry/update", entity_id="input_boolean.asked", disabled_by="user")
    assert state(server, "input_boolean.asked") is None
    client.command("config/entity_registry/update", entity_id="input_boolean.asked", disabled_by=None)
    assert state(server, "input_boolean.asked") == "on"

    heard: list[str] = []
    server.home.bus.subscribe(lambda event: heard.append(event.event_type), "lamp_changed")
    client.command("config/entity_registry/update", entity_id="automation.any_change", disabled_by="user")
    server.home.entities.report("light.lamp", is_on=True)
    server.wait()
    assert heard == []


def test_all_of_it_outlives_a_restart(tmp_path) -> None:
    """The helper has its new id and its value, history stands under it, automations for the former id go on."""
    configuration = """
input_boolean: {guest: {name: Guest}, heard: {}, off: {}}
automation:
  - alias: Follows
    triggers: [{trigger: state, entity_id: input_boolean.guest, to: "off"}]
    actions: [{action: input_boolean.turn_on, target: {entity_id: input_boolean.heard}}]
"""
    path = tmp_path / "marge.db"
    with home_server(configuration, db_path=path) as server, server.websocket() as client:
        token = server.admin_token
        server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})
        rename(client, "input_boolean.guest", "input_boolean.visitor")
        client.command("config/entity_registry/update", entity_id="input_boolean.visitor", name="Visitor")
        client.command("config/entity_registry/update", entity_id="input_boolean.off", disabled_by="user")
    with home_server(configuration, with_users=False, db_path=path) as server:
        server.admin_token = token
        server.wait()
        found = server.rest("GET", "/api/states/input_boolean.visitor").json()
        assert (found["state"], found["attributes"]["friendly_name"]) == ("on", "Visitor")
        for gone in ("guest", "off"):
            assert server.rest("GET", f"/api/states/input_boolean.{gone}").status_code == 404
        history = server.rest(
            "GET", "/api/history/period?filter_entity_id=input_boolean.visitor&minimal_response"
        ).json()
        assert [each["state"] for each in history[0]][:2] == ["off", "on"]
        server.rest("POST", "/api/services/input_boolean/turn_off", {"entity_id": "input_boolean.visitor"})
        until(lambda: state(server, "input_boolean.heard") == "on")


def test_after_a_renamed_entity_is_removed_its_first_id_means_what_comes_next(
    server: HomeServer, client: WebSocketClient
) -> None:
    """The automation waits for the id that it was written for again."""
    rename(client, "light.lamp", "light.reading")
    client.command("config/entity_registry/remove", entity_id="light.reading")
    counts = server.home.bus._index["state_changed"]
    until(lambda: "light.reading" not in counts and "light.lamp" in counts)
    server.rest("POST", "/api/states/light.lamp", {"state": "off"})
    server.rest("POST", "/api/states/light.lamp", {"state": "on"})

    until(lambda: state(server, "input_boolean.lamp_is_on") == "on")
