"""Sections 2.3 to 2.6: areas, labels, devices, search."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.home import HomeServer

OK = {"result": "ok"}


def post(home: HomeServer, path: str, body: Any = None) -> Any:
    answer = home.rest("POST", path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def delete(home: HomeServer, path: str) -> Any:
    answer = home.rest("DELETE", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(home: HomeServer, what: str, key: str, value: str) -> Any:
    found = [each for each in home.rest("GET", f"/api/{what}").json() if each[key] == value]
    return found[0] if found else None


def test_an_area_is_made_renamed_and_removed(home: HomeServer) -> None:
    """Removing an unknown one is no mistake, and its entities are in no area afterwards."""
    assert post(home, "/api/areas", {"area_id": "loft", "name": "Loft"}) == OK
    assert post(home, "/api/areas", {"area_id": "loft", "name": "Attic"}) == OK
    assert post(home, "/api/areas/loft/entities/light.not_there") == OK
    assert listed(home, "areas", "area_id", "loft") == {
        "area_id": "loft", "name": "Attic", "entity_count": 1, "entities": ["light.not_there"],
    }  # fmt: skip
    assert [delete(home, "/api/areas/loft") for _ in range(2)] == [OK, OK]
    assert listed(home, "areas", "area_id", "loft") is None
    assert home.rest("GET", "/api/areas/loft/entities").json() == []


@pytest.mark.parametrize("what", ["areas", "labels", "devices"])
@pytest.mark.parametrize("body", [{}, {"name": "x"}, {"name": None}, [], {"name": 5}])
def test_missing_fields_are_refused(home: HomeServer, what: str, body: Any) -> None:
    """400, also with a name alone."""
    assert home.rest("POST", f"/api/{what}", body).status_code == 400
    assert home.rest("POST", f"/api/{what}").status_code == 400


def test_an_entity_is_in_one_area_at_most(home: HomeServer) -> None:
    """Assigning moves it; doing it twice does no harm; neither needs to exist."""
    for area in ("north", "south"):
        post(home, "/api/areas", {"area_id": area, "name": area.title()})
    home.rest("POST", "/api/states/sensor.moved", {"state": "1", "attributes": {"a": 1}})
    for area in ("north", "south", "south"):
        assert post(home, f"/api/areas/{area}/entities/sensor.moved") == OK
    assert home.rest("GET", "/api/areas/north/entities").json() == []
    (state,) = home.rest("GET", "/api/areas/south/entities").json()
    assert state == home.rest("GET", "/api/states/sensor.moved").json()
    assert [delete(home, "/api/areas/south/entities/sensor.moved") for _ in range(2)] == [OK, OK]
    assert home.rest("GET", "/api/areas/south/entities").json() == []
    assert post(home, "/api/areas/nowhere/entities/sensor.moved") == OK


def test_an_entity_without_a_state_is_its_id_alone(home: HomeServer) -> None:
    """In the list of an area's states."""
    post(home, "/api/areas", {"area_id": "empty", "name": "Empty"})
    post(home, "/api/areas/empty/entities/sensor.never_seen")
    assert home.rest("GET", "/api/areas/empty/entities").json() == [{"entity_id": "sensor.never_seen"}]


def test_areas_over_rest_and_websocket_are_the_same(home: HomeServer) -> None:
    """Made here, listed there, and the other way round."""
    post(home, "/api/areas", {"area_id": "shared_room", "name": "Shared Room"})
    with home.websocket("any") as client:
        listed_there = {area["area_id"] for area in client.command("config/area_registry/list")["result"]}
        client.command("config/area_registry/create", name="From There")
    assert "shared_room" in listed_there
    assert listed(home, "areas", "area_id", "from_there")["name"] == "From There"


def test_a_label_has_a_colour_and_many_entities(home: HomeServer) -> None:
    """An entity may carry several."""
    assert post(home, "/api/labels", {"label_id": "calm", "name": "Calm"}) == OK
    assert listed(home, "labels", "label_id", "calm")["color"] == ""
    assert post(home, "/api/labels", {"label_id": "calm", "name": "Calm", "color": "a kind of blue"}) == OK
    post(home, "/api/labels", {"label_id": "loud", "name": "Loud"})
    for label in ("calm", "loud"):
        assert post(home, f"/api/labels/{label}/entities/light.tagged") == OK
    for label, color in (("calm", "a kind of blue"), ("loud", "")):
        found = listed(home, "labels", "label_id", label)
        assert (found["entities"], found["entity_count"], found["color"]) == (["light.tagged"], 1, color)
    assert delete(home, "/api/labels/calm/entities/light.tagged") == OK
    assert listed(home, "labels", "label_id", "calm")["entities"] == []
    assert delete(home, "/api/labels/calm") == delete(home, "/api/labels/calm") == OK
    assert home.rest("GET", "/api/labels/loud/entities").status_code in (404, 405)


def test_a_device_is_overwritten_as_a_whole(home: HomeServer) -> None:
    """The same id again sets all fields; one device an entity."""
    full = {"device_id": "d1", "name": "Lamp", "manufacturer": "Acme", "model": "L1", "area_id": "loft"}
    assert post(home, "/api/devices", full) == OK
    assert listed(home, "devices", "device_id", "d1") == {**full, "entity_count": 0, "entities": []}
    assert post(home, "/api/devices", {"device_id": "d1", "name": "Lamp 2"}) == OK
    found = listed(home, "devices", "device_id", "d1")
    assert (found["name"], found["manufacturer"], found["model"], found["area_id"]) == ("Lamp 2", "", "", "")
    post(home, "/api/devices", {"device_id": "d2", "name": "Other"})
    for device in ("d1", "d2"):
        assert post(home, f"/api/devices/{device}/entities/light.of_device") == OK
    assert listed(home, "devices", "device_id", "d1")["entities"] == []
    assert listed(home, "devices", "device_id", "d2")["entities"] == ["light.of_device"]
    with home.websocket("any") as client:
        devices = {each["id"]: each for each in client.command("config/device_registry/list")["result"]}
    assert {"id", "name", "manufacturer", "model", "area_id"} <= set(devices["d2"])
    assert delete(home, "/api/devices/d2") == delete(home, "/api/devices/d2") == OK


# -- 2.6 ---------------------------------------------------------------------------------------------------------------


def ids(home: HomeServer, query: str) -> list[str]:
    answer = home.rest("GET", f"/api/states/search?{query}")
    assert answer.status_code == 200
    return [state["entity_id"] for state in answer.json()]


def test_search_tests_are_joined_by_and(home: HomeServer) -> None:
    """Domain, state, text, label and area, each by itself and together."""
    for entity_id, state, name in (
        ("zz.b", "on", "Window Seat"), ("zz.a", "on", "Table"), ("zz.c", "Off", "Window Pane"),
    ):  # fmt: skip
        home.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": {"friendly_name": name}})
    post(home, "/api/labels", {"label_id": "zl", "name": "Z"})
    post(home, "/api/areas", {"area_id": "za", "name": "Z"})
    post(home, "/api/labels/zl/entities/zz.a")
    post(home, "/api/areas/za/entities/zz.c")
    assert ids(home, "domain=zz") == ["zz.a", "zz.b", "zz.c"]
    assert ids(home, "domain=ZZ") == ids(home, "domain=z") == []
    assert ids(home, "domain=zz&state=on") == ["zz.a", "zz.b"]
    assert ids(home, "domain=zz&state=off") == []
    assert ids(home, "q=WINDOW&domain=zz") == ["zz.b", "zz.c"]
    assert ids(home, "q=OFF&domain=zz") == ["zz.c"]
    assert ids(home, "q=zz.A") == ["zz.a"]
    assert ids(home, "label=zl") == ["zz.a"]
    assert ids(home, "area=za") == ["zz.c"]
    assert ids(home, "area=za&label=zl") == ids(home, "label=nothing") == ids(home, "q=no+such+text") == []


def test_search_without_a_test_is_everything_sorted(home: HomeServer) -> None:
    """Complete states of this moment."""
    states = home.rest("GET", "/api/states/search").json()
    assert [state["entity_id"] for state in states] == sorted(state["entity_id"] for state in states)
    every = {state["entity_id"]: state for state in home.rest("GET", "/api/states").json()}
    assert {state["entity_id"]: state for state in states} == every
