"""Section 9: where native clients and HA disagree, row by row; what is not here stands with its section."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.native.conftest import open_home
from tests.support.home import HomeServer, WebSocketClient


@pytest.fixture(scope="module")
def ha() -> Iterator[HomeServer]:
    with open_home("ha") as server:
        yield server


@pytest.fixture
def own(native: HomeServer) -> Iterator[WebSocketClient]:
    with native.websocket("any") as made:
        yield made


def put(home: HomeServer, entity_id: str, state: str, **attributes: Any) -> int:
    body = {"state": state, "attributes": attributes}
    return home.rest("POST", f"/api/states/{entity_id}", body).status_code


def test_row_1_a_time_that_is_none_is_refused_as_in_ha(home: HomeServer) -> None:
    """Only what is an entity id is taken for one."""
    for path in ("history/period", "logbook"):
        answer = home.rest("GET", f"/api/{path}/neither")
        assert (answer.status_code, answer.json()) == (400, {"message": "Invalid datetime"})


def test_row_1_the_bare_logbook_of_ha_is_ascending(ha: HomeServer) -> None:
    """With its own keys."""
    put(ha, "light.logged", "off", friendly_name="Logged")
    put(ha, "light.logged", "on", friendly_name="Logged")
    rows = ha.rest("GET", "/api/logbook").json()
    assert [row["when"] for row in rows] == sorted(row["when"] for row in rows)
    assert any((row.get("name"), row.get("state")) == ("Logged", "on") for row in rows)


def test_row_3_long_states_are_for_virtual_entities_of_native_homes(native: HomeServer, ha: HomeServer) -> None:
    """HA takes 255 characters; nothing is ever cut off."""
    long = "x" * 10_000
    assert put(native, "sensor.long", long) in (200, 201)
    assert native.rest("GET", "/api/states/sensor.long").json()["state"] == long
    assert put(native, "input_boolean.guest", long) == 400
    assert put(ha, "sensor.long", long) == 400
    assert put(ha, "sensor.long", "x" * 255) == 201


def test_row_4_ids_are_found_in_any_spelling(home: HomeServer) -> None:
    """They are kept in lower case, as HA does."""
    assert put(home, "sensor.MixedCase", "1") == 201
    assert put(home, "sensor.mixedcase", "2") == 200
    for spelling in ("sensor.MixedCase", "sensor.mixedcase", "SENSOR.MIXEDCASE"):
        assert home.rest("GET", f"/api/states/{spelling}").json()["state"] == "2"
    assert home.rest("DELETE", "/api/states/Sensor.MixedCase").status_code == 200


def test_row_6_virtual_entities_are_listed_in_the_registry(native: HomeServer, own: WebSocketClient) -> None:
    """Of the native profile, with the platform that its clients know; owned ones keep theirs."""
    put(native, "sensor.drawn", "1", friendly_name="Drawn")
    listed = {each["entity_id"]: each for each in own.command("config/entity_registry/list")["result"]}
    entry = listed["sensor.drawn"]
    assert (entry["name"], entry["platform"], entry["disabled_by"]) == ("Drawn", "mqtt", None)
    assert listed["input_boolean.guest"]["platform"] == "input_boolean"
    assert own.command("config/entity_registry/get", entity_id="sensor.drawn")["result"]["platform"] == "mqtt"


def test_row_6_the_registry_of_ha_has_registered_entities_only(ha: HomeServer) -> None:
    """A state alone is no entry."""
    put(ha, "sensor.drawn", "1")
    with ha.websocket("any") as client:
        listed = {each["entity_id"] for each in client.command("config/entity_registry/list")["result"]}
    assert "sensor.drawn" not in listed


def test_row_8_an_equal_value_is_no_change(home: HomeServer) -> None:
    """One event for two equal writes."""
    with home.websocket("any") as client:
        put(home, "sensor.same", "1")
        heard = client.command("subscribe_events", event_type="state_changed")["id"]
        put(home, "sensor.same", "1")
        put(home, "sensor.same", "2")
        assert client.event(heard)["data"]["new_state"]["state"] == "2"


def test_row_17_current_counts_runs_for_native_clients(native: HomeServer, ha: HomeServer) -> None:
    """In HA's profile those that run now; the list of files has the count in both."""
    for home, expected in ((native, 1), (ha, 0)):
        before = home.state("automation.bell_rings").attributes["current"]
        home.rest("POST", "/api/services/automation/trigger", {"entity_id": "automation.bell_rings"})
        assert home.state("automation.bell_rings").attributes["current"] - before == expected
        listed = {each["id"]: each for each in home.rest("GET", "/api/config/automation/config").json()}
        assert listed["bell_rings"]["total_triggers"] >= 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("no_such_domain/no_such_service", {}),
        ("light/no_such_service", {"entity_id": "light.unknown"}),
        ("light/turn_on", {}),
        ("light/turn_on", {"entity_id": "light.unknown", "unheard_of": 1}),
        ("climate/set_temperature", {"entity_id": "climate.unknown"}),
        ("persistent_notification/dismiss", {}),
        ("automation/trigger", {}),
        ("scene/turn_on", {"entity_id": ""}),
        ("light/turn_on", {"target": {"entity_id": "light.unknown"}}),
    ],
)
def test_row_18_calls_that_concern_nobody(native: HomeServer, ha: HomeServer, path: str, body: Any) -> None:
    """200 for native clients, HA's 400 otherwise."""
    answer = native.rest("POST", f"/api/services/{path}", body)
    assert (answer.status_code, answer.json()) == (200, [])
    assert ha.rest("POST", f"/api/services/{path}", body).status_code == 400


def test_row_21_all_domains_are_listed_in_both(native: HomeServer, ha: HomeServer) -> None:
    """Whatever the configuration names."""
    listed = [{each["domain"] for each in home.rest("GET", "/api/services").json()} for home in (native, ha)]
    assert all({"light", "vacuum", "water_heater", "lawn_mower"} <= domains for domains in listed)


def test_row_22_a_new_state_is_201_in_both(home: HomeServer) -> None:
    """As in HA."""
    assert put(home, "sensor.brand_new", "1") == 201
