"""Section 1: log-in or none, other origins, files, what holds right after the start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.native.conftest import open_home
from tests.support.home import HomeServer, home_server

TOKEN = "a-fixed-token-that-the-environment-names"


@pytest.fixture(scope="module")
def guarded() -> Iterator[HomeServer]:
    with open_home("native", auth_mode="required", auth_token=TOKEN) as server:
        yield server


@pytest.mark.parametrize("header", [None, "", "Bearer anything", "whatever"])
def test_an_open_home_takes_any_header_or_none(home: HomeServer, header: str | None) -> None:
    """No header, an empty one, any bearer value."""
    headers = {} if header is None else {"Authorization": header}
    assert home.rest("GET", "/api/states", token=None, headers=headers).status_code == 200


def test_a_websocket_of_an_open_home_still_asks_for_a_log_in(home: HomeServer) -> None:
    """`auth_required`, any token, `auth_ok`."""
    with home.websocket("anything at all") as client:
        assert client.command("ping")["type"] == "pong"


def test_a_stored_token_does_not_close_an_open_home(home: HomeServer) -> None:
    """Creating long-lived tokens does not switch the log-in on."""
    assert home.rest("POST", "/api/auth/tokens", {"name": "some"}).status_code == 200
    assert home.rest("GET", "/api/states", token=None).status_code == 200


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", TOKEN])
def test_the_fixed_token_opens_a_guarded_home(guarded: HomeServer, header: str) -> None:
    """With the word Bearer or, for native clients, without."""
    assert guarded.rest("GET", "/api/states", token=None, headers={"Authorization": header}).status_code == 200


@pytest.mark.parametrize("header", [None, "", "Bearer wrong", "wrong"])
def test_a_guarded_home_refuses_everything_else(guarded: HomeServer, header: str | None) -> None:
    """401, whatever the form."""
    headers = {} if header is None else {"Authorization": header}
    assert guarded.rest("GET", "/api/states", token=None, headers=headers).status_code == 401


def test_a_stored_token_opens_a_guarded_home(guarded: HomeServer) -> None:
    """As the fixed one does."""
    made = guarded.rest("POST", "/api/auth/tokens", {"name": "some"}, token=TOKEN).json()
    assert guarded.rest("GET", "/api/states", token=made["token"]).status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/"),
        ("GET", "/api/config"),
        ("GET", "/api/health"),
        ("GET", "/metrics"),
        ("POST", "/api/webhook/x"),
    ],
)
def test_these_are_open_for_native_clients(guarded: HomeServer, method: str, path: str) -> None:
    """What needs no log-in in both modes."""
    assert guarded.rest(method, path, token=None).status_code == 200


def test_a_wrong_token_ends_a_websocket(guarded: HomeServer) -> None:
    """`auth_invalid`, then the end."""
    client = guarded.connect()
    assert client.receive()["type"] == "auth_required"
    client.send({"type": "auth", "access_token": "wrong"})
    assert client.receive()["type"] == "auth_invalid"
    with pytest.raises(AssertionError):
        client.receive()


def test_any_origin_may_call_an_open_home(native: HomeServer) -> None:
    """Any method that the path has, any header."""
    asked = {
        "Origin": "http://elsewhere.example",
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "x-own",
    }
    answer = native.rest("OPTIONS", "/api/states/light.x", token=None, headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", "http://elsewhere.example")
    answer = native.rest("GET", "/api/states", token=None, headers={"Origin": "http://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", "http://elsewhere.example")


def test_automations_and_scenes_are_there_when_the_door_opens(home: HomeServer) -> None:
    """All of the files', as entities."""
    ids = {state["entity_id"] for state in home.rest("GET", "/api/states").json()}
    assert {"automation.bell_rings", "automation.second", "scene.reading"} <= ids


def test_listings_stay_as_they_are(home: HomeServer) -> None:
    """Two listings are equally long, and removing one entity lowers the count by one."""
    home.rest("POST", "/api/states/sensor.short_lived", {"state": "1"})
    count = len(home.rest("GET", "/api/states").json())
    assert len(home.rest("GET", "/api/states").json()) == count
    assert home.rest("DELETE", "/api/states/sensor.short_lived").status_code == 200
    assert len(home.rest("GET", "/api/states").json()) == count - 1


def test_an_empty_folder_is_a_home() -> None:
    """The first start needs no preparation."""
    with home_server("", with_users=False, auth_mode="open", broker="none", profile="native") as server:
        assert server.rest("GET", "/api/health").json()["status"] == "ok"
        assert server.rest("GET", "/api/config/automation/config").json() == []


def test_a_dashboard_of_ones_own_answers_unknown_pages(tmp_path: Path) -> None:
    """The folder's files, and `index.html` for every other page; without it 404."""
    (tmp_path / "index.html").write_text("<p>mine</p>", "utf-8")
    with open_home("native", dashboard_path=tmp_path) as server:
        assert "mine" in server.rest("GET", "/", token=None).text
        assert "mine" in server.rest("GET", "/some/page", token=None).text
        assert server.rest("GET", "/api/nothing", token=None).status_code == 404


def test_unknown_pages_are_404_without_a_dashboard(home: HomeServer) -> None:
    """There is nothing to fall back to."""
    assert home.rest("GET", "/some/page").status_code == 404
