"""The recorded WebSocket exchanges: same replies, same events, same order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.home import recorded_home, rows
from tests.conformance.run import run_ws
from tests.support.home import HomeServer

LEVEL = 0.99


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with recorded_home(with_users=True) as running:
        yield running


def test_recorded_messages_get_the_recorded_replies(capsys: pytest.CaptureFixture[str]) -> None:
    """Nearly every recorded message is answered as Home Assistant answers it; the rest is explained."""
    outcome = run_ws()
    with capsys.disabled():
        print("\n" + outcome.table())

    assert outcome.unexplained == {}
    assert outcome.outdated == set()
    assert outcome.level >= LEVEL


@pytest.mark.parametrize("kind", ["device", "entity"])
def test_registry_lists_have_the_recorded_keys(server: HomeServer, kind: str) -> None:
    """Every entry has the keys that the recorded entries have."""
    name = f"config/{kind}_registry/list"
    recorded = next(row for row in rows("ws.jsonl.gz") if row["name"] == name)["receive"][0]["result"]
    with server.websocket() as client:
        ours = client.command(name)["result"]

    assert ours
    for entry in ours:
        assert sorted(entry) == sorted(recorded[0])


def test_the_display_list_uses_the_recorded_short_keys(server: HomeServer) -> None:
    """`list_for_display` names its fields as the recorded one does, and leaves out what is not there."""
    recorded = next(row for row in rows("ws.jsonl.gz") if row["name"] == "config/entity_registry/list_for_display")
    result = recorded["receive"][0]["result"]
    known = {key for entry in result["entities"] if isinstance(entry, dict) for key in entry}
    with server.websocket() as client:
        ours = client.command("config/entity_registry/list_for_display")["result"]

    assert ours["entity_categories"] == result["entity_categories"]
    for entry in ours["entities"]:
        assert {"ei", "pl", "lb"} <= entry.keys() <= known | {"ai", "ic", "hb", "dp", "en", "di"}


def test_states_over_websocket_are_those_over_rest(server: HomeServer) -> None:
    """`get_states` and `/api/states` are the same list."""
    with server.websocket() as client:
        assert client.command("get_states")["result"] == server.rest("GET", "/api/states").json()
