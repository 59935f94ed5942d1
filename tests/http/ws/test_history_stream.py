"""Streams of graphs and of the logbook: what was, then what comes."""

import pytest

from tests.support.home import home_server

CONFIGURATION = """
input_boolean: {guest: {name: Guest}}
automation:
  - id: auto1
    alias: Guest light
    triggers: [{trigger: state, entity_id: input_boolean.guest, to: "on"}]
    actions: [{event: nothing_much}]
"""
PAST = "2026-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def server():
    with home_server(CONFIGURATION) as made:
        yield made


@pytest.fixture
def client(server):
    with server.websocket() as made:
        yield made


def write(server, entity_id, state, **attributes):
    assert server.rest("POST", f"/api/states/{entity_id}", {"state": state, "attributes": attributes}).ok


def test_a_graph_goes_on_with_what_comes(server, client):
    """First all points with their time span, then only the new ones, without a gap and without doubles."""
    write(server, "sensor.one", "1", a=1)
    write(server, "sensor.one", "2", a=2)

    reply = client.command("history/stream", start_time=PAST, entity_ids=["sensor.one"])
    first = client.event(reply["id"])
    assert [(point["s"], point["a"]) for point in first["states"]["sensor.one"]] == [("1", {"a": 1}), ("2", {"a": 2})]
    assert first["end_time"] == first["states"]["sensor.one"][-1]["lu"]

    write(server, "sensor.one", "2", a=3)  # attributes alone are no point
    write(server, "sensor.one", "3", a=3)
    live = client.event(reply["id"])
    assert set(live) == {"states"}
    assert [point["s"] for point in live["states"]["sensor.one"]] == ["3"]


def test_a_graph_of_the_past_ends(server, client):
    """With an end that has come nothing follows; where there is nothing that is said twice."""
    reply = client.command(
        "history/stream", start_time=PAST, end_time="2026-01-02T00:00:00Z", entity_ids=["sensor.none"]
    )

    assert client.event(reply["id"])["states"] == {}
    assert client.event(reply["id"])["states"] == {}
    assert client.command("unsubscribe_events", subscription=reply["id"])["success"]


def test_a_stream_of_the_future_begins_empty(client):
    """One message, and the subscription is there to be ended."""
    reply = client.command("history/stream", start_time="2100-01-01T00:00:00Z", entity_ids=["sensor.one"])

    assert client.event(reply["id"])["states"] == {}
    assert client.command("unsubscribe_events", subscription=reply["id"])["success"]


def test_the_minimal_shape_has_states_and_times(server, client):
    """Without attributes nowhere any."""
    for state in ("1", "2", "2", "3"):
        write(server, "sensor.small", state)

    found = client.command(
        "history/history_during_period", start_time=PAST, entity_ids=["sensor.small", "sensor.nope"],
        minimal_response=True, no_attributes=True,
    )["result"]

    assert [point["s"] for point in found["sensor.small"]] == ["1", "2", "3"]
    assert all(set(point) == {"s", "lu"} for point in found["sensor.small"])
    assert list(found) == ["sensor.small"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"start_time": "x", "entity_ids": ["a.b"]}, "invalid_start_time"),
        ({"start_time": PAST, "end_time": "x", "entity_ids": ["a.b"]}, "invalid_end_time"),
        ({"start_time": PAST, "entity_ids": ["nope"]}, "invalid_entity_ids"),
        ({"start_time": PAST}, "invalid_format"),
    ],
)
@pytest.mark.parametrize("command", ["history/stream", "history/history_during_period"])
def test_wrong_questions_get_has_codes(client, command, fields, error):
    """And nothing else happens."""
    assert client.command(command, **fields)["error"]["code"] == error


def test_the_logbook_goes_on_with_what_comes(server, client):
    """Two messages of the past, the first of them partial, then live entries with their cause."""
    reply = client.command(
        "logbook/event_stream", start_time=PAST, entity_ids=["input_boolean.guest", "automation.guest_light"]
    )
    first, second = client.event(reply["id"]), client.event(reply["id"])
    assert first["partial"] is True and second["events"] == [] and "partial" not in second

    assert server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"}).ok
    entries = client.event(reply["id"])["events"]
    while len(entries) < 2:
        entries += client.event(reply["id"])["events"]

    by_entity = {entry["entity_id"]: entry for entry in entries}
    assert by_entity["input_boolean.guest"]["context_service"] == "turn_on"
    assert by_entity["automation.guest_light"]["message"] == "triggered by state of input_boolean.guest"
    assert "name" not in by_entity["input_boolean.guest"]


def test_the_logbook_of_a_device_has_only_what_names_it(client):
    """Entities of the device are asked for by their ids."""
    assert client.command("logbook/get_events", start_time=PAST, device_ids=["nothing"])["result"] == []
    assert client.command("logbook/get_events", start_time="2100-01-01T00:00:00Z")["result"] == []
    assert client.command("logbook/get_events", start_time="x")["error"]["code"] == "invalid_start_time"
    assert client.command("logbook/event_stream", start_time=PAST, entity_ids=["x"])["success"] is False
