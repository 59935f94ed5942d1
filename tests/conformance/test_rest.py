"""The recorded REST exchanges: same status, headers and bodies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.home import recorded_home, rows
from tests.conformance.run import run_rest
from tests.conformance.volatile import differences
from tests.support.home import HomeServer

LEVEL = 0.99


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with recorded_home(with_users=True) as running:
        yield running


def test_recorded_requests_get_the_recorded_replies(capsys: pytest.CaptureFixture[str]) -> None:
    """Nearly every recorded request is answered as Home Assistant answers it; the rest is explained."""
    outcome = run_rest()
    with capsys.disabled():
        print("\n" + outcome.table())

    assert outcome.unexplained == {}
    assert outcome.outdated == set()
    assert outcome.level >= LEVEL


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
