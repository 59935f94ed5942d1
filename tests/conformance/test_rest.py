"""The recorded REST exchanges, as far as Marge has their endpoints: same status, headers and bodies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.expectations import COVERED_PATHS, REST_LATER, REST_MISSES, REST_OTHERWISE
from tests.conformance.home import recorded_home, rows
from tests.conformance.replay_rest import RestReplay
from tests.conformance.volatile import differences
from tests.support.home import HomeServer

LEVEL = 0.98


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with recorded_home() as running:
        yield running


def covered() -> list[dict[str, Any]]:
    """The rows to replay, in their order."""
    return [
        row
        for row in rows("rest.jsonl.gz")
        if COVERED_PATHS.match(row["request"]["path"].partition("?")[0]) and row["name"] not in REST_LATER
    ]


def area(row: dict[str, Any]) -> str:
    parts = row["request"]["path"].partition("?")[0].split("/")
    return "/".join(parts[:3])


def test_recorded_requests_get_the_recorded_replies(server: HomeServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Nearly every covered row is answered as Home Assistant answers it; the rest is explained."""
    replay = RestReplay(server)
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    failed: dict[str, list[str]] = {}
    for row in covered():
        found = replay.check(row)
        name = row["name"]
        if name in REST_OTHERWISE:
            status, _reason = REST_OTHERWISE[name]
            found = [] if found and found[0].startswith(f"status {row['response']['status']} became {status}:") else [
                f"{found} is not the agreed {status}"
            ]
        total[area(row)] += 1
        passed[area(row)] += not found
        if found:
            failed[name] = found
    with capsys.disabled():
        print(f"\nREST conformance: {passed.total()} of {total.total()} rows")
        for name in sorted(total):
            print(f"  {name or '/':28} {passed[name]:4} of {total[name]:4}")

    assert {name: found for name, found in failed.items() if name not in REST_MISSES} == {}
    assert REST_MISSES.keys() - failed.keys() == set()
    assert passed.total() / total.total() >= LEVEL


def test_config_shows_the_recorded_keys(server: HomeServer) -> None:
    """`/api/config` has HA's keys, no more and no fewer."""
    recorded = next(row for row in rows("rest.jsonl.gz") if row["name"] == "GET /api/config as non-admin")

    assert sorted(server.rest("GET", "/api/config").json()) == sorted(recorded["response"]["body"]["keys"])


def test_states_are_listed_as_they_are_shown_one_by_one(server: HomeServer) -> None:
    """The list holds the very objects that the single requests give."""
    for state in server.rest("GET", "/api/states").json():
        assert server.rest("GET", f"/api/states/{state['entity_id']}").json() == state


def test_services_are_described_in_the_recorded_shape(server: HomeServer) -> None:
    """Of the services that both have, fields, selectors, targets and responses agree."""
    recorded = next(row for row in rows("rest.jsonl.gz") if row["name"] == "GET /api/services")
    ours = {each["domain"]: each["services"] for each in server.rest("GET", "/api/services").json()}
    found = []
    for domain in recorded["response"]["body"]:
        if not isinstance(domain, dict):
            continue
        for name, service in domain["services"].items():
            mine = ours.get(domain["domain"], {}).get(name)
            if mine is not None:
                where = f"{domain['domain']}.{name}"
                found += differences(sorted(service.keys()), sorted(mine.keys()), where)
                found += differences(sorted(service["fields"]), sorted(mine["fields"]), f"{where}.fields")

    assert found == []


def test_json_is_compact_utf_8(server: HomeServer) -> None:
    """No blanks, no escapes: the bytes that clients count on for their logs."""
    server.rest("POST", "/api/states/sensor.umlaut", {"state": "grün", "attributes": {"a": [1, 2]}})
    body = server.rest("GET", "/api/states/sensor.umlaut").content

    assert '"state":"grün","attributes":{"a":[1,2]}'.encode() in body
