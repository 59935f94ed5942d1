"""`marge/bridges/…`: how bridges are, and their log lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.actors import ChildSpec
from marge.bridges.base import Bridge
from marge.http.ws.commands.bridge_changes import is_news
from marge.http.ws.commands.bridges import lines_of
from tests.support.home import HomeServer, home_server

LOG = """2026-01-01T00:00:00Z WARNING [marge.bridges.mqtt] too long topic='a'
2026-01-01T00:00:01Z ERROR [marge.actors] child failed path=/bridges/mqtt
Traceback (most recent call last):
  File "x.py"
2026-01-01T00:00:02Z ERROR [marge.bridges.mqtt_devices] other
2026-01-01T00:00:03Z WARNING [marge.bridges.programs] quiet actor=/bridges/bell
2026-01-01T00:00:04Z WARNING [marge.bridges.programs] quiet actor=/bridges/bell2
"""
KEYS = {"name", "path", "kind", "status", "restarts", "restart_in", "failures", "last_error"}


class Newcomer(Bridge):
    """A bridge that does nothing."""

    kind = "newcomer"

    def on_receive(self, message: Any) -> None:
        raise TypeError("it takes no messages")


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server("demo:") as running:
        yield running


def test_a_bridges_lines_are_its_own() -> None:
    """By logger or by path, with what follows a line; never those of a bridge whose name begins the same."""
    mqtt = lines_of(LOG, "mqtt", "mqtt")
    assert len(mqtt) == 4
    assert mqtt[2].startswith("Traceback")
    assert [line[-4:] for line in lines_of(LOG, "bell", "programs")] == ["bell"]
    assert lines_of("", "mqtt", "mqtt") == []


def test_each_bridge_says_how_it_is(server: HomeServer) -> None:
    """The list has at least name, state and restarts; one that is not there is said so."""
    with server.websocket() as client:
        reply = client.command("marge/bridges/list")
        assert reply["success"], reply
        for bridge in reply["result"]:
            assert bridge.keys() >= KEYS
            log = client.command("marge/bridges/log", name=bridge["name"])
            assert log["success"], log
            assert isinstance(log["result"]["problems"], list)
        assert client.command("marge/bridges/log", name="nothing")["error"]["code"] == "not_found"


def test_who_follows_is_told_when_a_bridge_is_otherwise(server: HomeServer) -> None:
    """All at once, then again with the one that came; nobody but administrators."""
    with server.websocket() as client:
        assert client.command("marge/bridges/subscribe")["success"]
        names = {row["name"] for row in client.receive()["event"]["bridges"]}
        assert "newcomer" not in names
        server.home.system.spawn(ChildSpec("newcomer", Newcomer, args=(server.home,)), "/bridges")
        while "newcomer" not in names:
            told = client.receive()["event"]["bridges"]
            assert all(row.keys() >= KEYS for row in told)
            names = {row["name"] for row in told}
    with server.websocket(server.user_token) as client:
        assert client.command("marge/bridges/subscribe")["error"]["code"] == "unauthorized"


def test_time_that_passes_is_no_news() -> None:
    """Only a bridge that began anew, or differs in something else."""
    row = {"name": "a", "status": "running", "uptime": 5.0, "restart_in": None}
    assert not is_news([row], [row | {"uptime": 65.2}], 60.0)
    assert not is_news([row | {"restart_in": 9.0}], [row | {"restart_in": 3.0, "uptime": 11.0}], 6.0)
    assert is_news([row], [row | {"uptime": 1.0}], 60.0)
    assert is_news([row], [row | {"status": "failed", "uptime": 65.0}], 60.0)
    assert is_news([row], [], 1.0)
    assert not is_news([row | {"uptime": 0}], [row | {"uptime": 0}], 60.0)
