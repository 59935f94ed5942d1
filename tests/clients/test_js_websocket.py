"""`home-assistant-js-websocket`, the library under HA's own frontend and most dashboards, unmodified from npm."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.kit import PROGRAMS, client_environment, node_modules, node_program, run_json
from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.home import PASSWORD, HomeServer, home_server
from tests.support.server import server_in
from tests.support.waiting import until

pytestmark = pytest.mark.clients
HERE = PROGRAMS / "js_websocket"
LIBRARY = "home-assistant-js-websocket@9.7.0"
SOCKETS = "ws@8.18.3"
"""Node before 22 has no WebSocket of its own; this is the one that the library's page names."""


@pytest.fixture(scope="module")
def modules() -> Path:
    return node_modules("js-websocket", LIBRARY, SOCKETS)


@pytest.fixture(scope="module")
def server(modules: Path) -> Iterator[HomeServer]:
    with home_server(CONFIGURATION, files=FILES, bridges=("demo",)) as server:
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        yield server


def play(name: str, modules: Path, folder: Path, server: HomeServer, **environment: str) -> Any:
    """What a program found out. It ends with an error when the library, or what it holds, is not as it should be."""
    command = node_program(HERE / f"{name}.mjs", modules, folder)
    return run_json(command, {"HASS_URL": server.url, "HASS_TOKEN": server.admin_token, **environment})


def test_it_logs_in_with_tokens_codes_and_by_way_of_the_log_in_page(
    modules: Path, server: HomeServer, tmp_path: Path
) -> None:
    """A long-lived token, an authorization code, saved tokens, refreshed and revoked, the way there and back."""
    login = json.dumps({"username": "user", "password": PASSWORD})
    facts = play("auth", modules, tmp_path, server, HASS_LOGIN=login)

    version = facts.pop("version").split(".")
    assert facts == {"longLived": "Admin", "code": "User", "refreshed": "User", "redirect": "User", "loginPage": 200}
    assert (int(version[0]), int(version[1])) >= (2024, 1)


@pytest.mark.parametrize("seed", [1, 20250409])
def test_entities_held_by_the_library_are_those_of_the_server_after_200_changes(
    modules: Path, server: HomeServer, tmp_path: Path, seed: int
) -> None:
    """States, attributes that come and go, contexts and times survive the compressed differences."""
    facts = play("entities", modules, tmp_path, server, SEED=str(seed))

    assert facts["written"] + facts["removed"] + facts["called"] == 200
    assert min(facts["removed"], facts["called"], facts["attributesGone"]) > 5


def test_services_settings_events_templates_and_registries_work(
    modules: Path, server: HomeServer, tmp_path: Path
) -> None:
    """The commands that a dashboard sends, their refusals, and what it follows."""
    facts = play("work", modules, tmp_path, server)

    assert facts["state"] == "RUNNING" and facts["forecast"] == 7
    assert facts["area"]["seen"] == ["create", "update"]
    for registry in ("area", "floor", "label"):
        assert facts[registry]["after"] == facts[registry]["before"] + 1
    assert facts["entity"]["before"] == facts["entity"]["after"] > 50
    assert facts["pongs"]["longest"] > 1 and facts["pongs"]["frames"] < 200
    assert server.state("light.bed_light").attributes["friendly_name"] == "Night light"


def test_it_finds_everything_again_after_the_server_was_killed(modules: Path, tmp_path: Path) -> None:
    """Its subscriptions are made anew, and lead on to the same entities."""
    home, folder = tmp_path / "server", tmp_path / "program"
    home.mkdir()
    folder.mkdir()
    with server_in(home, {"MARGE_LOG_LEVEL": "warning"}) as server:
        server.write(configuration="input_boolean: {guest: {name: Guest mode}}\nmarge: {broker: none}\n")
        server.start()
        client = subprocess.Popen(
            node_program(HERE / "reconnect.mjs", modules, folder),
            env=client_environment({"HASS_URL": server.url, "HASS_TOKEN": server.token}),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        try:
            assert client.stdout is not None
            lines = iter(client.stdout.readline, "")
            assert next(lines).strip() == "connected"
            server.kill()
            assert next(lines).strip() == "disconnected"
            server.start()
            assert next(lines).strip() == "ready again"
            rest = list(lines)
            assert client.wait(60) == 0, rest
        finally:
            client.kill()
            client.wait(10)
    assert json.loads(rest[-1])["heard"][:2] == ["disconnected", "ready"]
