"""Marge's native API: areas, labels and devices over REST are the registries that HA's clients see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server

CONFIGURATION = """
input_boolean: {guest: {name: Guest}}
group: {all: {entities: [input_boolean.guest]}}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as made:
        made.wait()
        yield made


def listed(server: HomeServer, kind: str, key: str) -> dict[str, dict[str, object]]:
    return {each[key]: each for each in server.rest("GET", f"/api/{kind}").json()}


def test_an_area_is_made_renamed_and_deleted(server: HomeServer) -> None:
    """Posting again renames; deleting an unknown one is no mistake; HA's clients see the same areas."""
    for name in ("Attic", "Loft"):
        assert server.rest("POST", "/api/areas", {"area_id": "top", "name": name}).json() == {"result": "ok"}
    assert listed(server, "areas", "area_id")["top"] == {
        "area_id": "top", "name": "Loft", "entity_count": 0, "entities": [],
    }
    with server.websocket() as client:
        assert "top" in [area["area_id"] for area in client.command("config/area_registry/list")["result"]]
    for _ in range(2):
        assert server.rest("DELETE", "/api/areas/top").json() == {"result": "ok"}
    assert "top" not in listed(server, "areas", "area_id")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/areas", {"area_id": "x"}),
        ("/api/areas", {"area_id": 5, "name": "X"}),
        ("/api/labels", {"name": "X"}),
        ("/api/labels", {"label_id": "l", "name": "X", "color": 7}),
        ("/api/devices", {"device_id": "", "name": "X"}),
        ("/api/devices", [1]),
        ("/api/areas/a/entities/nonsense", None),
    ],
)
def test_what_is_missing_or_malformed_is_refused(server: HomeServer, path: str, body: object) -> None:
    """400, and nothing is made."""
    assert server.rest("POST", path, body).status_code == 400


def test_any_entity_can_stand_in_an_area(server: HomeServer) -> None:
    """One that only a client wrote, one of the files, and one that does not exist yet; each is in one area at most."""
    server.rest("POST", "/api/areas", {"area_id": "hall", "name": "Hall"})
    server.rest("POST", "/api/states/sensor.drawn", {"state": "5"})
    for entity_id in ("sensor.drawn", "input_boolean.guest", "group.all", "sensor.to_come"):
        for area in ("elsewhere", "hall", "hall"):
            assert server.rest("POST", f"/api/areas/{area}/entities/{entity_id}").json() == {"result": "ok"}
    there = server.rest("GET", "/api/areas/hall/entities").json()
    found = server.rest("GET", "/api/states/search?area=hall").json()

    assert [each["entity_id"] for each in there] == [
        "sensor.drawn", "input_boolean.guest", "group.all", "sensor.to_come",
    ]
    assert (there[0]["state"], there[3]) == ("5", {"entity_id": "sensor.to_come"})
    assert [each["entity_id"] for each in found] == ["group.all", "input_boolean.guest", "sensor.drawn"]
    assert listed(server, "areas", "area_id")["hall"]["entity_count"] == 4
    assert server.rest("GET", "/api/areas/elsewhere/entities").json() == []


def test_services_reach_what_a_client_put_into_an_area(server: HomeServer) -> None:
    """A virtual light in an area is meant by a call on the area."""
    server.rest("POST", "/api/states/light.drawn", {"state": "off"})
    server.rest("POST", "/api/areas/cellar/entities/light.drawn")
    server.rest("POST", "/api/services/light/turn_on", {"area_id": "cellar"})

    assert server.rest("GET", "/api/states/light.drawn").json()["state"] == "on"


def test_taking_an_entity_out_leaves_no_trace(server: HomeServer) -> None:
    """An entry that was only made for the assignment goes with it; taking out what is not there is no mistake."""
    server.rest("POST", "/api/states/sensor.brief", {"state": "1"})
    server.rest("POST", "/api/areas/hall/entities/sensor.brief")
    assert server.home.registries.entities.get("sensor.brief") is not None
    server.rest("DELETE", "/api/areas/other/entities/sensor.brief")
    assert server.home.registries.area_of("sensor.brief") == "hall"
    for _ in range(2):
        assert server.rest("DELETE", "/api/areas/hall/entities/sensor.brief").json() == {"result": "ok"}
    assert server.home.registries.entities.get("sensor.brief") is None


def test_labels_are_put_on_and_taken_off(server: HomeServer) -> None:
    """An entity may carry many; any text is a colour; deleting a label takes it off everywhere."""
    for label_id, color in (("one", "salmon pink"), ("two", None)):
        server.rest("POST", "/api/labels", {"label_id": label_id, "name": f"Label {label_id}", "color": color})
        server.rest("POST", f"/api/labels/{label_id}/entities/input_boolean.guest")
    shown = listed(server, "labels", "label_id")
    assert (shown["one"]["color"], shown["two"]["color"]) == ("salmon pink", "")
    assert shown["one"]["entities"] == shown["two"]["entities"] == ["input_boolean.guest"]
    found = server.rest("GET", "/api/states/search?label=one").json()
    assert [state["entity_id"] for state in found] == ["input_boolean.guest"]

    server.rest("DELETE", "/api/labels/one/entities/input_boolean.guest")
    server.rest("DELETE", "/api/labels/two")
    entry = server.home.registries.entities.get("input_boolean.guest")
    assert entry is not None and entry.labels == ()


def test_devices_are_made_overwritten_and_given_entities(server: HomeServer) -> None:
    """What is left out the second time is empty again; a deleted device leaves its entities."""
    server.rest("POST", "/api/devices", {"device_id": "d1", "name": "Box", "manufacturer": "Acme", "area_id": "hall"})
    server.rest("POST", "/api/devices", {"device_id": "d1", "name": "Case", "model": "M"})
    server.rest("POST", "/api/devices/d1/entities/sensor.in_box")
    assert listed(server, "devices", "device_id")["d1"] == {
        "device_id": "d1", "name": "Case", "manufacturer": "", "model": "M", "area_id": "",
        "entity_count": 1, "entities": ["sensor.in_box"],
    }
    assert server.rest("DELETE", "/api/devices/d1").json() == {"result": "ok"}
    assert "d1" not in listed(server, "devices", "device_id")
    assert server.home.registries.entities.get("sensor.in_box") is None


def test_only_administrators_change_them(server: HomeServer) -> None:
    """Everybody may look."""
    for path in ("/api/areas", "/api/labels", "/api/devices"):
        assert server.rest("GET", path, token=server.reader_token).status_code == 200
        assert server.rest("POST", path, {}, token=server.user_token).status_code == 401
