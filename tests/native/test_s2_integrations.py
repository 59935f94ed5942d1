"""Sections 2.14 and 2.16: families of devices, with no hardware at all; the other differences of REST."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.support.home import HomeServer

NAMES = [
    ("zigbee2mqtt", "Zigbee2MQTT", "offline"),
    ("zwave", "Z-Wave JS UI", "disconnected"),
    ("tasmota", "Tasmota", "inactive"),
    ("esphome", "ESPHome", "inactive"),
    ("shelly", "Shelly", "inactive"),
    ("hue", "Philips Hue", "inactive"),
    ("cast", "Google Cast", "inactive"),
    ("sonos", "Sonos", "inactive"),
    ("matter", "Matter", "inactive"),
]
NONE: dict[str, Any] = {"device_count": 0, "devices": []}


def test_all_families_are_listed_in_this_order(home: HomeServer) -> None:
    """With no device anywhere."""
    assert home.rest("GET", "/api/integrations").json() == [
        {"id": each, "name": name, "status": status, "device_count": 0} for each, name, status in NAMES
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("zigbee2mqtt", {"bridge_state": "unknown", "permit_join": False, **NONE}),
        ("zwave", {"connected": False, "node_count": 0, "nodes": []}),
        ("tasmota", NONE),
        ("esphome", NONE),
        ("shelly", NONE),
        ("hue", {"bridge_count": 0, "device_count": 0, "bridges": []}),
        ("hue/status", {"bridge_count": 0, "device_count": 0, "bridges": []}),
        ("cast", NONE),
        ("cast/status", NONE),
        ("sonos", NONE),
        ("sonos/status", NONE),
        ("matter", {"status": "not_configured", "server_version": None, **NONE}),
        ("matter/status", {"status": "not_configured", "server_version": None, **NONE}),
    ],
)
def test_a_family_without_devices_says_so(home: HomeServer, path: str, body: Any) -> None:
    """Counts of nought and empty lists."""
    answer = home.rest("GET", f"/api/integrations/{path}")
    assert (answer.status_code, answer.json()) == (200, body)


@pytest.mark.parametrize("path", ["shelly/discover", "cast/discover", "sonos/discover", "hue/pair", "hue/add"])
@pytest.mark.parametrize("body", [None, {}, {"ip": None}, {"ip": 5}, {"ip": ["a"]}])
def test_an_address_is_a_text(home: HomeServer, path: str, body: Any) -> None:
    """400 for all else."""
    assert home.rest("POST", f"/api/integrations/{path}", body).status_code == 400


@pytest.mark.parametrize("path", ["shelly/discover", "cast/discover", "sonos/discover", "hue/pair", "hue/add"])
def test_an_address_at_which_nobody_answers_says_so(home: HomeServer, path: str) -> None:
    """Status 200, an error with a reason before somebody gives up; and nothing is kept."""
    began = time.monotonic()
    answer = home.rest("POST", f"/api/integrations/{path}", {"ip": "192.0.2.1", "username": "u"})
    assert time.monotonic() - began < 55
    assert (answer.status_code, answer.json()["result"]) == (200, "error")
    assert answer.json()["message"]
    family = next(each for each in home.rest("GET", "/api/integrations").json() if path.startswith(each["id"]))
    assert (family["status"], family["device_count"]) == ("inactive", 0)


@pytest.mark.parametrize("path", ["shelly/discover", "cast/discover", "sonos/discover", "hue/pair", "hue/add"])
@pytest.mark.parametrize("address", ["http://127.0.0.1/x", "127.0.0.1/x", "a b", "224.0.0.1", "2130706433", "x" * 5000])
def test_what_is_no_address_is_never_knocked_at(home: HomeServer, path: str, address: str) -> None:
    """An error with a reason, at once."""
    answer = home.rest("POST", f"/api/integrations/{path}", {"ip": address, "username": "u"})
    assert (answer.status_code, answer.json()["result"]) == (200, "error")


@pytest.mark.parametrize("body", [None, {}, {"enable": "yes"}, {"enable": 1}, {"enable": None}])
def test_letting_devices_join_wants_a_yes_or_no(home: HomeServer, body: Any) -> None:
    """400 for all else."""
    assert home.rest("POST", "/api/integrations/zigbee2mqtt/permit_join", body).status_code == 400


def test_without_mqtt_nobody_can_be_let_join(home: HomeServer) -> None:
    """An error with a reason."""
    answer = home.rest("POST", "/api/integrations/zigbee2mqtt/permit_join", {"enable": True})
    assert (answer.status_code, answer.json()["result"]) == (200, "error")


def test_an_entity_with_such_a_name_is_an_ordinary_one(home: HomeServer) -> None:
    """Services work on it."""
    home.rest("POST", "/api/states/switch.shelly_a1b2_0", {"state": "off", "attributes": {"integration": "shelly"}})
    (state,) = home.rest("POST", "/api/services/switch/turn_on", {"entity_id": "switch.shelly_a1b2_0"}).json()
    assert (state["state"], state["attributes"]) == ("on", {"integration": "shelly"})


# -- 2.16 --------------------------------------------------------------------------------------------------------------


def test_the_error_log_is_text(home: HomeServer) -> None:
    """It may be empty."""
    answer = home.rest("GET", "/api/error_log")
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, "text/plain")


@pytest.mark.parametrize("attributes", [{}, {"none": None, "deep": {"list": [1, 1.5, "1", True]}, "ünï": "ċ"}])
def test_attributes_are_what_was_sent(home: HomeServer, attributes: dict[str, Any]) -> None:
    """Nothing is added, nothing is kept, kinds survive."""
    home.rest("POST", "/api/states/any_word.x", {"state": "1", "attributes": {"old": True}})
    home.rest("POST", "/api/states/any_word.x", {"state": "1", "attributes": attributes})
    assert home.rest("GET", "/api/states/any_word.x").json()["attributes"] == attributes


def test_a_new_state_is_201_and_a_removed_one_404(home: HomeServer) -> None:
    """200 for one that exists, as HA."""
    assert home.rest("POST", "/api/states/any_word.y", {"state": "1"}).status_code == 201
    assert home.rest("POST", "/api/states/any_word.y", {"state": "2"}).status_code == 200
    assert home.rest("DELETE", "/api/states/any_word.y").status_code == 200
    assert home.rest("DELETE", "/api/states/any_word.y").status_code == 404
    assert home.rest("GET", "/api/states/any_word.y").status_code == 404


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b'"text"', b"{}"])
def test_a_state_needs_an_object_with_a_state(home: HomeServer, body: bytes) -> None:
    """400, whatever it is called."""
    assert home.rest("POST", "/api/states/any_word.z", body).status_code == 400


@pytest.mark.parametrize("path", ["/api/template", "/api/services/light/turn_on"])
def test_these_want_json(home: HomeServer, path: str) -> None:
    """400."""
    assert home.rest("POST", path, b"no json").status_code == 400


def test_another_method_on_a_path_is_405(home: HomeServer) -> None:
    """The path exists."""
    assert home.rest("GET", "/api/services/light/turn_on").status_code == 405


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_an_empty_body_is_an_empty_object(home: HomeServer, content_type: str | None) -> None:
    """Where no field is needed, whatever the content type."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    for path in ("/api/services/persistent_notification/dismiss_all", "/api/events/nothing", "/api/sim/time"):
        assert home.rest("POST", path, headers=headers).status_code == 200, path
