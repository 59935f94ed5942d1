"""The recorded WebSocket exchanges of all commands that Marge has: same replies, same events, same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from marge.http.ws.registry import find_commands
from tests.conformance.expectations import WS_LATER, WS_MISSES
from tests.conformance.home import recorded_home, rows
from tests.conformance.replay_ws import WebSocketReplay
from tests.support.home import HomeServer

LEVEL = 0.96
ENVELOPE_ROWS = 44
"""The first rows are about log-in, ids and malformed messages, whatever command they name."""


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with recorded_home(with_users=True, with_registries=True) as running:
        yield running


def covered() -> list[dict[str, Any]]:
    """The rows to replay, in their order."""
    known = find_commands().keys()
    return [
        row
        for number, row in enumerate(rows("ws.jsonl.gz"))
        if row["name"] not in WS_LATER
        and (number < ENVELOPE_ROWS or (commands(row) and all(kind in known for kind in commands(row))))
    ]


def commands(row: dict[str, Any]) -> list[Any]:
    messages = [each for part in row["send"] for each in (part if isinstance(part, list) else [part])]
    return [each.get("type") if isinstance(each, dict) else None for each in messages]


def area(row: dict[str, Any], number: int) -> str:
    return "envelope" if row["name"].startswith(("auth: ", "ids: ")) else str((commands(row) or ["other"])[0])


def test_recorded_messages_get_the_recorded_replies(server: HomeServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Nearly every covered row is answered as Home Assistant answers it; the rest is explained."""
    replay = WebSocketReplay(server)
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    failed: dict[str, list[str]] = {}
    try:
        for number, row in enumerate(covered()):
            found = replay.check(row)
            total[area(row, number)] += 1
            passed[area(row, number)] += not found
            if found:
                failed[row["name"]] = found
    finally:
        replay.close()
    with capsys.disabled():
        print(f"\nWebSocket conformance: {passed.total()} of {total.total()} rows")
        for name in sorted(total):
            print(f"  {name:40} {passed[name]:4} of {total[name]:4}")

    assert {name: found for name, found in failed.items() if name not in WS_MISSES} == {}
    assert WS_MISSES.keys() - failed.keys() == set()
    assert passed.total() / total.total() >= LEVEL


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
