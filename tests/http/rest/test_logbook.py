"""`/api/logbook`: entries, their causes, and Marge's short items."""

import pytest

from tests.support.home import home_server

CONFIGURATION = """
logbook: {exclude: {entity_globs: "*_secret"}}
input_boolean: {guest: {name: Guest}}
input_text: {note: {}}
group: {lights: {entities: [light.member]}}
automation:
  - id: auto1
    alias: Guest light
    triggers: [{trigger: state, entity_id: input_boolean.guest, to: "on"}]
    actions: [{action: input_text.set_value, target: {entity_id: input_text.note}, data: {value: came}}]
script: {greet: {alias: Greet, sequence: []}}
"""
PAST = "/api/logbook/2026-01-01T00:00:00%2B00:00?end_time=2100-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def server():
    with home_server(CONFIGURATION) as made:
        call(made, "input_boolean/turn_on", entity_id="input_boolean.guest")
        call(made, "script/greet")
        call(made, "logbook/log", name="Cat", message="was fed", entity_id="input_boolean.guest")
        for state in ("1", "2"):
            made.rest("POST", "/api/states/sensor.watts", {"state": state, "attributes": {"unit_of_measurement": "W"}})
            made.rest("POST", "/api/states/sensor.text_one", {"state": state})
            made.rest("POST", "/api/states/lock.my_secret", {"state": state})
        made.wait()
        yield made


def call(server, service, **data):
    assert server.rest("POST", f"/api/services/{service}", data).ok


def entries(server, **query):
    more = "".join(f"&{name}={value}" for name, value in query.items())
    reply = server.rest("GET", PAST + more)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_change_tells_who_caused_it(server):
    """The service, and the user who called it."""
    entry = entries(server, entity="input_boolean.guest")[0]

    assert entry.pop("when")
    assert entry == {
        "state": "on", "entity_id": "input_boolean.guest", "name": "Guest",
        "context_user_id": server.users["admin"].id, "context_domain": "input_boolean", "context_service": "turn_on",
        "context_event_type": "call_service",
    }


def test_a_change_by_an_automation_names_it(server):
    """The automation that ran is the cause, and its own cause is the service that set it off."""
    everything = entries(server)
    [ran] = [each for each in everything if each.get("domain") == "automation"]
    [note] = [each for each in everything if each.get("entity_id") == "input_text.note"]

    assert ran["message"] == "triggered by state of input_boolean.guest"
    assert (ran["name"], ran["context_service"]) == ("Guest light", "turn_on")
    assert note["context_event_type"] == "automation_triggered"
    assert (note["context_name"], note["context_entity_id"]) == ("Guest light", "automation.guest_light")
    assert note["context_entity_id_name"] == "Guest light"


def test_a_script_says_that_it_started(server):
    """With its name, its context and the service."""
    [entry] = [each for each in entries(server, entity="script.greet") if "message" in each]

    assert (entry["name"], entry["message"], entry["domain"]) == ("Greet", "started", "script")
    assert entry["context_service"] == "greet" and entry["context_id"]


def test_the_home_says_that_it_started(server):
    """As Home Assistant does, for its clients know that name."""
    started = [each for each in entries(server) if each.get("message") == "started" and "entity_id" not in each]

    assert [(each["name"], each["domain"]) for each in started] == [("Home Assistant", "homeassistant")]


def test_entries_of_ones_own_are_told(server):
    """`logbook.log` with an entity is told with that entity."""
    [entry] = [each for each in entries(server, entity="input_boolean.guest") if each["name"] == "Cat"]

    assert (entry["message"], entry["domain"]) == ("was fed", "input_boolean")


def test_what_measures_is_left_out(server):
    """A sensor with a unit says nothing worth reading; the first state of an entity is no change."""
    told = entries(server)

    assert [each["state"] for each in told if each.get("entity_id") == "sensor.text_one"] == ["2"]
    assert entries(server, entity="sensor.watts") == []


def test_a_change_that_followed_another_names_it(server):
    """Also when only the follower is asked for; the first of them was caused by nobody."""
    assert server.rest("POST", "/api/states/light.member", {"state": "off"}).ok
    assert server.rest("POST", "/api/states/light.member", {"state": "on"}).ok
    server.wait()

    [follower] = [each for each in entries(server, entity="group.lights") if each["state"] == "on"]
    assert (follower["context_state"], follower["context_entity_id"]) == ("on", "light.member")
    [first] = [each for each in entries(server) if each.get("entity_id") == "light.member"]
    assert "context_entity_id" not in first


def test_what_the_configuration_excludes_is_not_told(server):
    """With `logbook: exclude`; it has a history all the same."""
    assert [each for each in entries(server) if each.get("entity_id") == "lock.my_secret"] == []
    assert entries(server, entity="lock.my_secret") == []
    assert len(server.rest("GET", "/api/history/lock.my_secret").json()) == 2


def test_a_context_shows_what_belongs_together(server):
    """All under one context, and nothing else."""
    [ran] = [each for each in entries(server) if each.get("domain") == "automation"]

    found = entries(server, context_id=ran["context_id"])

    assert {each["entity_id"] for each in found} >= {"input_text.note", "automation.guest_light"}
    assert entries(server, context_id="01JS000000000000000000000A") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("nope", "Invalid datetime"),
        ("2026-01-01T00:00:00Z?end_time=nope", "Invalid end_time"),
        ("2026-01-01T00:00:00Z?entity=light.a&context_id=1", "Can't combine entity with context_id"),
        ("2026-01-01T00:00:00Z?entity=nope", "Invalid entity"),
        ("2026-01-01T00:00:00Z?period=x", "Invalid period"),
    ],
)
def test_wrong_questions_are_refused(server, path, text):
    """400 and a message."""
    reply = server.rest("GET", "/api/logbook/" + path)

    assert (reply.status_code, reply.json()) == (400, {"message": text})


def test_an_entity_id_in_the_path_gives_short_items(server):
    """Oldest first, also of what measures."""
    items = server.rest("GET", "/api/logbook/sensor.watts").json()

    assert [(each["entity_id"], each["state"]) for each in items] == [("sensor.watts", "1"), ("sensor.watts", "2")]
    assert set(items[0]) == {"entity_id", "state", "when"}
    assert server.rest("GET", "/api/logbook/light.never").json() == []


def test_with_the_native_profile_the_newest_states_come_first():
    """All entities, each item with its three keys, what was written last in front."""
    with home_server(profile="native") as server:
        for state in ("1", "2"):
            body = {"state": state, "attributes": {"unit_of_measurement": "W"}}
            server.rest("POST", "/api/states/sensor.watts", body)

        items = server.rest("GET", "/api/logbook").json()

        assert [each["state"] for each in items if each["entity_id"] == "sensor.watts"] == ["2", "1"]
        assert all(set(each) == {"entity_id", "state", "when"} for each in items)
        assert [each["when"] for each in items] == sorted((each["when"] for each in items), reverse=True)
