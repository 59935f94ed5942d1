"""`/api/openapi.json`: valid, complete, and about this home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import voluptuous as vol
from openapi_spec_validator import OpenAPIV31SpecValidator

from marge.http.openapi import Description
from tests.support.holding import HELD_S, holds
from tests.support.home import HomeServer, home_server

PATH = "/api/openapi.json"


@pytest.fixture(scope="module")
def home() -> Iterator[HomeServer]:
    """A home with the usual parts."""
    with home_server("default_config:\n") as server:
        yield server


@pytest.fixture(scope="module")
def document(home: HomeServer) -> dict[str, Any]:
    """What it tells."""
    reply = home.rest("GET", PATH, token=home.user_token)
    assert reply.status_code == 200
    found: dict[str, Any] = reply.json()
    return found


def test_the_description_is_valid(document: dict[str, Any]) -> None:
    """Against the specification of OpenAPI 3.1, with all references."""
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_is_described(home: HomeServer, document: dict[str, Any]) -> None:
    """With a summary, an id that nothing else has, and who may."""
    operations = [each for item in document["paths"].values() for each in item.values()]
    told = {(path, method) for path, item in document["paths"].items() for method in item}
    for route in home.home.shared["routes"]:
        path = route.path.replace("<path:", "<").replace("<", "{").replace(">", "}")
        assert (path, "get" if route.is_websocket else route.method.lower()) in told

    assert all(each["summary"] and each["x-access"] in ("open", "user", "admin") for each in operations)
    assert len({each["operationId"] for each in operations}) == len(operations)


def test_every_service_has_a_path_with_its_own_body(home: HomeServer, document: dict[str, Any]) -> None:
    """`/api/services/light/turn_on` says what a light takes, and which answers a service gives."""
    for domain, service, _registered in home.home.services.all():
        assert "post" in document["paths"][f"/api/services/{domain}/{service}"]
    schema = document["components"]["schemas"]["service.light.turn_on"]
    forecasts = document["paths"]["/api/services/weather/get_forecasts"]["post"]

    assert schema["properties"]["brightness"]["description"]
    assert schema["additionalProperties"] is False
    assert forecasts["parameters"][0]["name"] == "return_response" and forecasts["parameters"][0]["required"]


def test_every_command_is_told_with_its_schema(home: HomeServer, document: dict[str, Any]) -> None:
    """The WebSocket's commands: the schema of the message, who may, and what it is for."""
    told = document["x-websocket-commands"]

    assert set(told) == set(home.home.shared["websockets"].commands)
    assert all(each["summary"] for each in told.values())
    assert told["ping"]["message"]["properties"]["type"] == {"const": "ping"}
    assert told["config/area_registry/create"]["x-access"] == "admin"
    assert told["config/area_registry/create"]["message"]["required"] == ["id", "type", "name"]


def test_what_is_open_says_so_and_what_is_not_wants_a_token(document: dict[str, Any]) -> None:
    """Bearer or signed path; `{}` where nobody has to log in."""
    paths = document["paths"]

    assert paths["/api/states"]["get"]["security"] == [{"bearer": []}, {"signedPath": []}]
    assert paths["/api/states/{entity_id}"]["post"]["security"] == [{"bearer": []}]
    assert {} in paths["/api/health"]["get"]["security"]


def test_strangers_are_told_nothing(home: HomeServer) -> None:
    """It names what is installed: a log-in is needed."""
    assert home.rest("GET", PATH, token=None).status_code == 401


def test_an_unchanged_description_is_not_sent_twice(home: HomeServer) -> None:
    """The ETag; it is another one as soon as a service comes or goes."""
    first = home.rest("GET", PATH)
    again = home.rest("GET", PATH, headers={"If-None-Match": first.headers["ETag"]})
    home.home.services.register("test", "new_one", lambda call: None, {vol.Required("size"): int})
    changed = home.rest("GET", PATH, headers={"If-None-Match": first.headers["ETag"]})
    home.home.services.remove("test", "new_one")
    gone = home.rest("GET", PATH)

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200
    schema = changed.json()["components"]["schemas"]["service.test.new_one"]
    assert schema["required"] == ["size"]
    assert "/api/services/test/new_one" not in gone.json()["paths"]
    assert gone.headers["ETag"] == first.headers["ETag"]


def test_two_thousand_services_hold_nobody_up(home: HomeServer) -> None:
    """The document is made in slices: the hub is free in between."""
    services = home.home.services
    for number in range(2_000):
        fields = {vol.Required("size"): vol.All(int, vol.Range(min=0)), vol.Optional("mode"): vol.In(["a", "b"])}
        services.register("many", f"service_{number}", lambda call: None, fields)
    try:
        with holds() as found:
            description = Description(home.home, home.home.shared["routes"], home.home.shared["websockets"].commands)
            made = description.document()
    finally:
        for number in range(2_000):
            services.remove("many", f"service_{number}")

    assert made.body.count(b"/api/services/many/") == 2_000
    assert max(found) < HELD_S
