"""`/api/history`: HA's shapes and Marge's flat one."""

from datetime import timedelta

import pytest

from marge.util.dt import from_epoch
from tests.support.home import home_server

DAY_S = 86_400


@pytest.fixture(scope="module")
def server():
    with home_server("homeassistant:\n  time_zone: America/Denver\n") as made:
        for number in range(4):
            write(made, "sensor.hist", str(number), n=number)
        write(made, "sensor.hist", "3", n=99)
        write(made, "light.gone", "on")
        made.rest("DELETE", "/api/states/light.gone")
        yield made


def write(server, entity_id, state, **attributes):
    assert server.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes}).ok


def get(server, path):
    reply = server.rest("GET", "/api/history" + path)
    return reply.status_code, reply.json()


def at(server, days=0.0):
    return (from_epoch(server.home.clock.now()) + timedelta(days=days)).isoformat().replace("+", "%2B")


def test_the_last_day_is_a_list_of_lists(server):
    """One list an entity, in the order asked for, with what was written a moment ago; unknown ones are left out."""
    status, body = get(server, "/period?filter_entity_id=sensor.hist,sensor.nope,light.gone")

    assert status == 200
    assert [each[0]["entity_id"] for each in body] == ["sensor.hist", "light.gone"]
    assert [point["state"] for point in body[0]] == ["0", "1", "2", "3"]
    assert set(body[0][0]) == {"entity_id", "state", "attributes", "last_changed", "last_updated"}


def test_a_minimal_answer_is_full_in_its_first_point_only(server):
    """After it come states and times, and no attributes anywhere when none are wanted."""
    points = get(server, "/period?filter_entity_id=SENSOR.HIST&minimal_response&no_attributes")[1][0]

    assert points[0]["attributes"] == {}
    assert [set(point) for point in points[1:]] == [{"state", "last_changed"}] * 3


def test_changes_of_attributes_are_shown_when_asked_for(server):
    """`significant_changes_only=0` brings them."""
    points = get(server, "/period?filter_entity_id=sensor.hist&significant_changes_only=0")[1][0]

    assert [point["attributes"]["n"] for point in points] == [0, 1, 2, 3, 99]


def test_a_time_begins_with_the_state_that_held_then(server):
    """Its times are the start's, unless the client wants none of it."""
    start = at(server)

    points = get(server, f"/period/{start}?filter_entity_id=sensor.hist")[1]
    assert [(point["state"], point["last_changed"]) for point in points[0]] == [("3", start.replace("%2B", "+"))]
    assert get(server, f"/period/{start}?filter_entity_id=sensor.hist&skip_initial_state")[1] == []


def test_a_window_without_changes_is_empty(server):
    """In the future, long ago, and where the end comes before the start."""
    for path in (
        f"/period/{at(server, 1)}?filter_entity_id=sensor.hist",
        "/period/2020-01-01T00:00:00+00:00?filter_entity_id=sensor.hist",
        f"/period/{at(server)}?filter_entity_id=sensor.hist&end_time={at(server, -1)}",
    ):
        assert get(server, path) == (200, [])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/period", "filter_entity_id is missing"),
        ("/period?filter_entity_id=", "filter_entity_id is missing"),
        ("/period?filter_entity_id=nope", "Invalid filter_entity_id"),
        ("/period/nope?filter_entity_id=sensor.hist", "Invalid datetime"),
        ("/period/1795190919?filter_entity_id=sensor.hist", "Invalid datetime"),
        ("/period/2026-11-20T16:08:39Z?filter_entity_id=sensor.hist&end_time=nope", "Invalid end_time"),
    ],
)
def test_wrong_questions_are_refused_in_has_words(server, path, text):
    """400 and a message."""
    assert get(server, path) == (400, {"message": text})


@pytest.mark.parametrize("path", ["/period/sensor.hist", "/sensor.hist"])
def test_an_entity_id_in_the_path_gives_a_flat_list(server, path):
    """All changes, oldest first, with attributes as an object; a bad time counts as none."""
    status, body = get(server, path + "?start=nonsense")

    assert status == 200
    assert [(point["state"], point["attributes"]["n"]) for point in body] == [
        ("0", 0), ("1", 1), ("2", 2), ("3", 3), ("3", 99)
    ]
    assert get(server, f"{path}?start={at(server, 1)}") == (200, [])


def test_history_survives_its_entity(server):
    """What was removed is still there to look at; what never was is an empty list."""
    assert [point["state"] for point in get(server, "/light.gone")[1]] == ["on"]
    assert get(server, "/light.never") == (200, [])
    assert get(server, "/nothing") == (200, [])


def test_a_long_answer_is_sent_whole(server):
    """Also when it is so long that it is streamed."""
    for number in range(40):
        write(server, "sensor.long", str(number), text="x" * 60_000, n=number)

    points = get(server, "/period?filter_entity_id=sensor.long")[1][0]

    assert [point["state"] for point in points] == [str(number) for number in range(40)]


@pytest.mark.parametrize("path", ["/period?filter_entity_id=sensor.many&points=20", "/sensor.many?points=20"])
def test_a_long_time_can_be_asked_for_in_few_points(server, path):
    """Peaks stay; in both shapes."""
    for number in range(200):
        write(server, "sensor.many", str(1000 if number == 77 else number))
    body = get(server, path)[1]
    points = body[0] if isinstance(body[0], list) else body

    assert len(points) <= 28
    assert "1000" in [point["state"] for point in points]
    assert (points[0]["state"], points[-1]["state"]) == ("0", "199")
    assert get(server, "/sensor.many?points=3")[0] == 400
