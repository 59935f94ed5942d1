"""Sections 2.7 and 2.8: history, logbook, statistics; notifications."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.native.conftest import open_home
from tests.support.home import HomeServer

WRITTEN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("20", {"n": 1}),
    ("20", {"n": 2}),
    ("21.5", {}),
    ("words", {}),
    ("18", {"deep": {"list": [1, None]}}),
)


@pytest.fixture(scope="module", autouse=True)
def written(home: HomeServer) -> HomeServer:
    for state, attributes in WRITTEN:
        home.rest("POST", "/api/states/sensor.past", {"state": state, "attributes": attributes})
    return home


def get(home: HomeServer, path: str) -> Any:
    answer = home.rest("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ["/api/history/period/sensor.past", "/api/history/sensor.past"])
def test_history_of_an_entity_is_a_flat_list(home: HomeServer, path: str) -> None:
    """Oldest first, what was written a moment ago is in it, attributes are objects."""
    rows = get(home, path)
    assert [(row["state"], row["attributes"]) for row in rows] == list(WRITTEN)
    assert {"entity_id", "state", "attributes", "last_changed", "last_updated"} <= set(rows[0])
    assert [row["last_updated"] for row in rows] == sorted(row["last_updated"] for row in rows)


def test_history_of_a_time_is_home_assistants(home: HomeServer) -> None:
    """A segment that is a time gives lists of lists; both live at the same path."""
    start = (datetime.now(UTC) - timedelta(hours=1)).isoformat().replace("+", "%2B")
    rows = get(home, f"/api/history/period/{start}?filter_entity_id=sensor.past")
    assert [len(rows), isinstance(rows[0], list)] == [1, True]


def test_a_blank_before_the_offset_is_a_plus(home: HomeServer) -> None:
    """As clients paste it; also Z, no offset, fractions of a second; what does not parse counts as absent."""
    now = datetime.now(UTC)
    for start in (
        (now - timedelta(hours=1)).isoformat(),
        (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        (now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.5"),
        "no time",
    ):
        answer = home.rest("GET", f"/api/history/sensor.past?start={start}")
        assert (answer.status_code, len(answer.json())) == (200, len(WRITTEN)), start


@pytest.mark.parametrize("path", ["history/period", "history", "logbook", "statistics"])
@pytest.mark.parametrize("window", ["start=2099-01-01T00:00:00+00:00", "end=2001-01-01T00:00:00Z"])
def test_nothing_happened_in_the_future_or_long_ago(home: HomeServer, path: str, window: str) -> None:
    """An empty list, as for an entity that nobody knows."""
    assert get(home, f"/api/{path}/sensor.past?{window}") == []
    assert get(home, f"/api/{path}/sensor.never_heard_of") == []


def test_history_outlives_the_entity(home: HomeServer) -> None:
    """It is there after the state was removed."""
    home.rest("POST", "/api/states/sensor.mortal", {"state": "alive"})
    home.rest("DELETE", "/api/states/sensor.mortal")
    assert get(home, "/api/history/sensor.mortal")[0]["state"] == "alive"


def test_the_logbook_of_an_entity_leaves_out_repetitions(home: HomeServer) -> None:
    """Oldest first, with three keys."""
    rows = get(home, "/api/logbook/sensor.past")
    assert [row["state"] for row in rows] == ["20", "21.5", "words", "18"]
    assert all({"entity_id", "state", "when"} <= set(row) for row in rows)


def test_the_native_logbook_is_the_newest_first(native: HomeServer) -> None:
    """Of all entities, at most 200, each with three keys."""
    for number in range(210):
        native.rest("POST", "/api/states/sensor.often", {"state": str(number)})
    rows = get(native, "/api/logbook")
    assert len(rows) == 200
    assert rows[0]["state"] == "209"
    assert all({"entity_id", "state", "when"} <= set(row) for row in rows)


def test_statistics_are_hours_of_numbers(home: HomeServer) -> None:
    """States that are no numbers are left out; a text entity has none."""
    rows = get(home, "/api/statistics/sensor.past")
    total = sum(row["count"] for row in rows)
    assert total == sum(state != "words" for state, _ in WRITTEN)
    assert min(row["min"] for row in rows) == 18
    assert max(row["max"] for row in rows) == 21.5
    assert all(len(row["hour"]) == 13 and row["hour"][10] == "T" for row in rows)
    home.rest("POST", "/api/states/sensor.wordy", {"state": "hello"})
    assert get(home, "/api/statistics/sensor.wordy") == []


# -- 2.8 ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def silent(home: HomeServer) -> Iterator[HomeServer]:
    home.rest("POST", "/api/notifications/dismiss_all")
    yield home


def create(home: HomeServer, **data: Any) -> None:
    answer = home.rest("POST", "/api/services/persistent_notification/create", data)
    assert (answer.status_code, answer.json()) == (200, [])


def test_notifications_are_listed_newest_first(silent: HomeServer) -> None:
    """With exactly these keys; a title that is missing is empty; the same id again overwrites."""
    create(silent, message="one", notification_id="first")
    create(silent, message="two", title="Second")
    create(silent, message="three", title="New", notification_id="first")
    newest, older = get(silent, "/api/notifications")
    assert (newest["notification_id"], newest["title"], newest["message"]) == ("first", "New", "three")
    assert (older["title"], older["dismissed"], "T" in older["created_at"]) == ("Second", False, True)
    assert older["notification_id"]


def test_notifications_are_dismissed_one_by_one_and_all(silent: HomeServer) -> None:
    """An id that never existed is 404; what was dismissed once is none."""
    create(silent, message="one", notification_id="a")
    create(silent, message="two", notification_id="b")
    for _ in range(2):
        answer = silent.rest("POST", "/api/notifications/a/dismiss")
        assert (answer.status_code, answer.json()) == (200, {"result": "ok"})
    assert [each["notification_id"] for each in get(silent, "/api/notifications")] == ["b"]
    assert silent.rest("POST", "/api/notifications/never/dismiss").status_code == 404
    answer = silent.rest("POST", "/api/notifications/dismiss_all", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"result": "ok"})
    assert get(silent, "/api/notifications") == []


@pytest.mark.parametrize("service", ["dismiss", "dismiss_all"])
def test_services_dismiss_too(silent: HomeServer, service: str) -> None:
    """Seen in the next request."""
    create(silent, message="one", notification_id="s")
    body = {"notification_id": "s"} if service == "dismiss" else {}
    assert silent.rest("POST", f"/api/services/persistent_notification/{service}", body).json() == []
    assert get(silent, "/api/notifications") == []


def test_a_native_notification_needs_no_message() -> None:
    """Missing texts are empty."""
    with open_home("native") as server:
        create(server, notification_id="bare")
        (shown,) = get(server, "/api/notifications")
        assert (shown["title"], shown["message"]) == ("", "")
