"""`HomeAssistant-API`, `hass-client` and `hass-cli`, unmodified from PyPI, in an environment of their own."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.kit import PROGRAMS, run, run_json, venv
from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.home import PASSWORD, HomeServer, home_server
from tests.support.waiting import until

pytestmark = pytest.mark.clients
PACKAGES = (
    "HomeAssistant-API==6.1.0",
    "hass-client==1.4.1",
    "homeassistant-cli==0.9.6; python_version < '3.13'",
    "homeassistant-cli==1.0.0; python_version >= '3.13'",
)


@pytest.fixture(scope="module")
def python() -> Path:
    return venv("python", *PACKAGES)


@pytest.fixture
def server(python: Path) -> Iterator[HomeServer]:
    """A home for each client: they change names, areas and states."""
    with home_server(CONFIGURATION, files=FILES, bridges=("demo",)) as server:
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        yield server


def environment(server: HomeServer) -> dict[str, str]:
    """What the programs, and hass-cli, read."""
    login = json.dumps({"username": "admin", "password": PASSWORD})
    return {
        "HASS_URL": server.url, "HASS_SERVER": server.url, "HASS_TOKEN": server.admin_token, "HASS_LOGIN": login,
    }  # fmt: skip


def test_homeassistant_api_does_all_that_it_can(python: Path, server: HomeServer) -> None:
    """Its strict models accept every answer: REST, WebSocket, the past, the registry, config entries; asyncio too."""
    facts = run_json([python, PROGRAMS / "python" / "homeassistant_api_program.py"], environment(server))

    assert facts["rest"]["states"] == facts["async"]["states"] == len(server.home.states)
    assert facts["rest"]["domains"] == facts["async"]["domains"] == len(server.home.services.describe())
    assert facts["websocket"]["entries"] >= 1 and facts["websocket"]["registry"] > 50


def test_hass_client_logs_in_follows_and_commands(python: Path, server: HomeServer) -> None:
    """It makes itself a long-lived token, follows entities and events, and reads the registries."""
    facts = run_json([python, PROGRAMS / "python" / "hass_client_program.py"], environment(server))

    assert facts["states"] == len(server.home.states) and facts["registry"] > 50 and facts["devices"] > 10


def test_hass_cli_looks_changes_and_calls(python: Path, server: HomeServer) -> None:
    """States, history, services, events, areas, devices, entities, templates, and raw calls from the command line."""

    def cli(*words: str) -> Any:
        """The JSON of one command."""
        text = run([python.parent / "hass-cli", "-o", "json", *words], environment(server))
        return json.loads(text) if text.lstrip().startswith(("[", "{")) else text

    def light() -> str:
        return server.state("light.bed_light").state

    assert len(cli("state", "list")) == len(server.home.states)
    assert cli("state", "get", "light.bed_light")[0]["state"] == light() == "off"
    cli("state", "toggle", "light.bed_light")
    assert light() == "on"
    cli("service", "call", "light.turn_off", "--arguments", "entity_id=light.bed_light")
    assert light() == "off"
    cli("state", "edit", "sensor.typed", "12", "--attributes", "unit_of_measurement=W")
    assert server.state("sensor.typed").attributes == {"unit_of_measurement": "W"}
    if sys.version_info >= (3, 13):  # the older hass-cli cannot parse times with any version of the library it names
        past = cli("state", "history", "light.bed_light")
        assert [state["state"] for state in past][-2:] == ["on", "off"]
    cli("state", "delete", "sensor.typed")
    assert "sensor.typed" not in server.home.states
    assert "turn_on" in json.dumps(cli("service", "list", "light.turn_on"))
    assert "bell fired" in json.dumps(cli("event", "fire", "bell", "--json", '{"times": 2}'))
    assert cli("area", "create", "Attic")[0]["success"]
    assert [area["name"] for area in cli("area", "list")] == ["Attic"]
    assert any(device["name"] == "Bed Light" for device in cli("device", "list"))
    assert "light.bed_light" in [entity["entity_id"] for entity in cli("entity", "list", "light.bed.*")]
    cli("entity", "assign", "Attic", "light.bed_light")
    cli("entity", "rename", "light.bed_light", "light.night", "--name", "Night")
    assert server.state("light.night").name == "Night"
    assert cli("raw", "get", "/api/config")["location_name"] == "Home"
    assert cli("raw", "ws", "get_states")["success"]
    assert "2025" in json.dumps(cli("config", "release"))
