"""`marge/bridges/…`: how bridges are, and their log lines."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
