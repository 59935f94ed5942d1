"""The native profile: virtual entities are listed, named and removed as if they had entries; ids are free."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, WebSocketClient, home_server


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server("input_boolean: {guest: {}}", profile="native") as made:
        made.wait()
        yield made


@pytest.fixture
def client(server: HomeServer) -> Iterator[WebSocketClient]:
    with server.websocket() as made:
        yield made


def test_virtual_entities_are_listed_beside_the_registered(server: HomeServer, client: WebSocketClient) -> None:
    """Owned ones keep their own entries and platforms."""
    server.rest("POST", "/api/states/sensor.drawn", {"state": "1", "attributes": {"friendly_name": "Drawn"}})
    found = {entry["entity_id"]: entry for entry in client.command("config/entity_registry/list")["result"]}
    assert (found["sensor.drawn"]["name"], found["sensor.drawn"]["disabled_by"]) == ("Drawn", None)
    assert found["input_boolean.guest"]["platform"] == "input_boolean"
    assert client.command("config/entity_registry/get", entity_id="sensor.drawn")["result"]["name"] == "Drawn"


def test_settings_of_a_virtual_entity_are_attributes_of_its_state(server: HomeServer, client: WebSocketClient) -> None:
    """Name and icon show at once, the state and other attributes stay; an area is assigned and taken back."""
    server.rest("POST", "/api/states/sensor.set", {"state": "1", "attributes": {"unit": "m"}})
    for area in ("hall", ""):
        reply = client.command(
            "config/entity_registry/update", entity_id="sensor.set", name="Set", icon="mdi:ruler", area_id=area
        )
        assert reply["success"], reply
        assert server.home.registries.area_of("sensor.set") == (area or None)
    state = server.rest("GET", "/api/states/sensor.set").json()
    assert (state["state"], state["attributes"]) == ("1", {"unit": "m", "friendly_name": "Set", "icon": "mdi:ruler"})


def test_removing_a_virtual_entity_removes_its_state(server: HomeServer, client: WebSocketClient) -> None:
    """An unknown one is an error."""
    server.rest("POST", "/api/states/sensor.gone", {"state": "1"})
    assert client.command("config/entity_registry/remove", entity_id="sensor.gone")["success"]
    assert server.rest("GET", "/api/states/sensor.gone").status_code == 404
    assert not client.command("config/entity_registry/remove", entity_id="sensor.gone")["success"]
    assert not client.command("config/entity_registry/update", entity_id="sensor.gone", name="x")["success"]


def test_ids_and_colours_are_the_clients_choice(client: WebSocketClient) -> None:
    """An area and a label with ids of their own; any text is a colour; an empty name is refused."""
    area = client.command("config/area_registry/create", area_id="a1", name="Room")["result"]
    label = client.command("config/label_registry/create", label_id="l1", name="Tag", color="salmon pink")["result"]
    assert (area["area_id"], label["label_id"], label["color"]) == ("a1", "l1", "salmon pink")
    assert not client.command("config/area_registry/create", area_id="", name="")["success"]
