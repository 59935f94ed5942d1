"""Why a state is as it is: from it back to a person, a device, a time or Marge itself."""

from __future__ import annotations

from typing import Any

import pytest

from marge.cli import run
from marge.cli.exit_codes import OK
from marge.console.ledger import ledger_of
from marge.entities import Entity
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until


class Door(Entity):
    """A device's entity that says what it is told."""

    domain = "binary_sensor"
    is_on = False

    def state_value(self) -> str:
        return "on" if self.is_on else "off"


@pytest.fixture(autouse=True)
def rested(server: HomeServer):
    """Each test begins with the lamps off."""
    for name in ("lamp", "late", "guest"):
        server.rest("POST", "/api/services/input_boolean/turn_off", {"entity_id": f"input_boolean.{name}"})
    server.wait()


def kinds(answer: dict[str, Any]) -> list[str]:
    return [step["kind"] for step in answer["steps"]]


def why(server: HomeServer, **what: str) -> dict[str, Any]:
    with server.websocket() as client:
        reply = client.command("marge/why", **what)
        assert reply["success"], reply
        return dict(reply["result"])


def test_a_person_is_the_beginning_of_what_they_did(server):
    """The state, the call, the user."""
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})

    answer = why(server, entity_id="input_boolean.guest")

    assert kinds(answer) == ["state", "call", "user"]
    state, call, user = answer["steps"]
    assert (state["from"], state["to"]) == ("off", "on")
    assert (call["domain"], call["service"]) == ("input_boolean", "turn_on")
    assert user["name"] == "Admin"
    assert answer["is_complete"]


@pytest.mark.parametrize(
    ("settings", "stand_in", "text"),
    [
        ({"auth_token": "the-operators-own"}, "token", "the operator's token"),
        ({"auth_mode": "open"}, "anybody", "somebody without an account"),
    ],
    ids=("token", "open"),
)
def test_who_acts_in_a_home_without_an_owner_is_no_user_who_is_gone(settings, stand_in, text):
    """By the fixed token of the environment, or in a home where nobody logs in."""
    with home_server("input_boolean: {lamp: {name: Lamp}}", with_users=False, **settings) as bare:
        bare.admin_token = "the-operators-own"
        bare.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.lamp"})

        answer = why(bare, entity_id="input_boolean.lamp")

        assert kinds(answer) == ["state", "call", "user"]
        user = answer["steps"][-1]
        assert (user["name"], user["stand_in"], user["text"]) == (None, stand_in, text)
        assert answer["text"].endswith(text)


def test_a_lamp_that_an_automation_switched_leads_to_the_door_and_its_topic(server):
    """State, call, run with its trace, the trigger's state, the device's message."""
    entities = server.home.entities
    if "binary_sensor.door" not in entities.owned:
        entities.add(Door(), "binary_sensor.door", "mqtt")
    server.wait()
    entities.report_from("zigbee2mqtt/door", "binary_sensor.door", {"is_on": False})
    entities.report_from("zigbee2mqtt/door", "binary_sensor.door", {"is_on": True})
    until(lambda: server.state("input_boolean.lamp").state == "on")

    answer = why(server, entity_id="input_boolean.lamp")

    assert kinds(answer) == ["state", "call", "run", "state", "device"], answer["text"]
    _state, _call, run, door, device = answer["steps"]
    assert (run["name"], run["source"]) == ("Evening", "state of binary_sensor.door")
    assert run["trace"]["item_id"] == "evening"
    assert (door["entity_id"], door["to"]) == ("binary_sensor.door", "on")
    assert (device["topic"], device["owner"]) == ("zigbee2mqtt/door", "mqtt")
    assert "zigbee2mqtt/door" in answer["text"]


def test_what_marge_works_out_itself_is_no_device(server):
    """A zone counts who is in it; nobody said so on a wire."""
    answer = why(server, entity_id="zone.home")

    assert kinds(answer) == ["state", "home"]
    assert answer["steps"][1]["owner"] == "zone"


def test_a_script_that_an_automation_called_stands_in_the_chain_with_it(server):
    """Both runs, and who fired the event."""
    server.rest("POST", "/api/events/go", {})
    until(lambda: server.state("input_boolean.late").state == "on")

    answer = why(server, entity_id="input_boolean.late")

    names = [step["name"] for step in answer["steps"] if step["kind"] == "run"]
    assert names == ["Inner", "Chained"], answer["text"]
    assert answer["steps"][-1]["kind"] in ("trigger", "user")


def test_what_the_ledger_has_forgotten_is_read_from_the_recorder(server):
    """The same chain, but for the topic, which is in memory only."""
    entities = server.home.entities
    if "binary_sensor.door" not in entities.owned:
        entities.add(Door(), "binary_sensor.door", "mqtt")
    entities.report_from("zigbee2mqtt/door", "binary_sensor.door", {"is_on": False})
    entities.report_from("zigbee2mqtt/door", "binary_sensor.door", {"is_on": True})
    until(lambda: server.state("input_boolean.lamp").state == "on")
    server.wait()
    ledger = ledger_of(server.home)
    for ring in (ledger._changes, ledger._touches, ledger._doings):
        ring.clear()
    ledger.since = server.home.clock.now()

    answer = why(server, entity_id="input_boolean.lamp")

    assert kinds(answer) == ["state", "call", "run", "state", "device"], answer["text"]
    assert answer["steps"][2]["name"] == "Evening"


def test_a_context_tells_what_happened_under_it(server):
    """For those who have the context of an event, not an entity."""
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})
    context_id = server.state("input_boolean.guest").context.id

    assert kinds(why(server, context_id=context_id)) == ["state", "call", "user"]


def test_what_nobody_knows_is_said_to_be_unknown(server):
    """A wrong id is an error, and so is asking for nothing."""
    with server.websocket() as client:
        assert client.command("marge/why", entity_id="light.nowhere")["error"]["code"] == "not_found"
        assert client.command("marge/why", context_id="01" * 13)["error"]["code"] == "not_found"
        assert client.command("marge/why")["error"]["code"] == "invalid_format"
        assert client.command("marge/why", entity_id="a.b", context_id="x")["error"]["code"] == "invalid_format"


def test_those_who_may_read_may_ask_why_over_rest(server):
    """A member of the family sees what an owner sees; nobody without a log-in does."""
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})

    reply = server.rest("GET", "/api/why/input_boolean.guest", token=server.user_token)

    assert [step["kind"] for step in reply.json()["steps"]] == ["state", "call", "user"]
    assert server.rest("GET", "/api/why/input_boolean.guest", token=None).status_code == 401
    assert server.rest("GET", "/api/why/light.nowhere").status_code == 404


def test_secrets_of_a_call_are_not_kept(server):
    """Only whom it was for: what else it said may be a door code."""
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})

    assert all(set(kept) <= {"domain", "service", "entity_ids", "name", "entity_id", "source"}
               for _context, _kind, kept, _time in ledger_of(server.home)._doings)


def test_the_command_line_says_why(server, capsys):
    """One line a step; everything as JSON for scripts."""
    server.rest("POST", "/api/services/input_boolean/turn_on", {"entity_id": "input_boolean.guest"})
    where = ["--url", server.url, "--token", server.admin_token]

    assert run(["why", "input_boolean.guest", *where]) == OK
    lines = capsys.readouterr().out.splitlines()
    assert run(["why", "input_boolean.guest", "--json", *where]) == OK

    assert lines[0].startswith("input_boolean.guest became on at ")
    assert lines[1:] == ["← input_boolean.turn_on was called", "  ← Admin"]
    assert '"kind": "user"' in capsys.readouterr().out
    assert run(["why", "light.nowhere", *where]) != OK


def test_the_command_line_shows_the_audit_log_and_who_waits(server, capsys):
    """What an operator did over REST stands in it."""
    where = ["--url", server.url, "--token", server.admin_token]
    assert run(["actors", "restart", "/traces", *where]) == OK
    assert run(["actors", "audit", "--filter", "/traces", *where]) == OK
    assert run(["actors", "waits", *where]) == OK

    told = capsys.readouterr().out
    assert "restart" in told and "Admin" in told
    assert "Nobody waits" in told or " asks " in told
