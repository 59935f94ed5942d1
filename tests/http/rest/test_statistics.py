"""`/api/statistics`: numbers by the hour."""

import pytest

from tests.support.home import home_server


@pytest.fixture(scope="module")
def server():
    with home_server() as made:
        for state in ("1", "2", "unavailable", "6", "nan"):
            made.rest("POST", "/api/states/sensor.watts", {"state": state})
        made.rest("POST", "/api/states/sensor.words", {"state": "hello"})
        yield made


def test_numbers_are_put_together_by_the_hour(server):
    """What is no finite number is ignored."""
    buckets = server.rest("GET", "/api/statistics/sensor.watts").json()

    assert [set(each) for each in buckets] == [{"hour", "min", "max", "mean", "count"}] * len(buckets)
    assert (min(each["min"] for each in buckets), max(each["max"] for each in buckets)) == (1, 6)
    assert sum(each["count"] for each in buckets) == 3
    assert len(buckets[0]["hour"]) == len("2026-01-01T00")


@pytest.mark.parametrize("path", ["sensor.words", "sensor.never", "nonsense", "sensor.watts?start=2100-01-01"])
def test_without_numbers_there_are_no_hours(server, path):
    """A text entity, an unknown one, and the future."""
    reply = server.rest("GET", f"/api/statistics/{path}")

    assert (reply.status_code, reply.json()) == (200, [])
