"""What the settings pages ask of the server itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

CONFIGURATION = """
homeassistant:
  name: Test
  auth_providers:
    - type: homeassistant
    - type: trusted_networks
      trusted_networks: [192.168.7.0/24]
http: {login_attempts_threshold: 5}
input_boolean: {guest: {name: Guest}, "not valid": 5}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server(CONFIGURATION) as running:
        yield running


def test_administrators_see_how_people_get_in(server: HomeServer) -> None:
    """Networks without a password, lasting bans; and what was left out."""
    with server.websocket() as client:
        found = client.command("marge/system/info")["result"]

    assert found["login"]["providers"] == ["homeassistant", "trusted_networks"]
    assert found["login"]["trusted_networks"] == {"networks": ["192.168.7.0/24"], "restricted": [], "bypass": False}
    assert (found["login"]["ban_after"], found["login"]["encrypted"], found["login"]["open"]) == (5, False, False)
    assert found["broken_parts"] == []
    assert any("not valid" in each["path"] + each["message"] for each in found["problems"])


def test_others_do_not_see_it_and_restart_nothing(server: HomeServer) -> None:
    """Users and readers are refused."""
    for token in (server.user_token, server.reader_token):
        with server.websocket(token) as client:
            for name in ("marge/system/info", "marge/system/restart"):
                assert client.command(name)["error"]["code"] == "unauthorized"


def test_a_restart_looks_at_the_files_first(server: HomeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mistakes are told and nothing happens; with single mistakes one may go on, with fatal ones never."""
    began: list[bool] = []
    monkeypatch.setattr(server.running, "restart", lambda: began.append(True))
    files = server.home.config.config_dir
    good = (files / "configuration.yaml").read_text()
    with server.websocket() as client:
        asked = client.command("marge/system/restart")["result"]
        assert (asked["restarts"], asked["fatal"]) == (False, False)
        assert asked["problems"][0]["file"] == "configuration.yaml"
        try:
            (files / "configuration.yaml").write_text("marge: {auth: {mode: open}}\n")
            refused = client.command("marge/system/restart", anyway=True)["result"]
        finally:
            (files / "configuration.yaml").write_text(good)
        assert (refused["restarts"], refused["fatal"], began) == (False, True, [])
        assert client.command("marge/system/restart", anyway=True)["result"]["restarts"] is True
        until(lambda: began == [True])
