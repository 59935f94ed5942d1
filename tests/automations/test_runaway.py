"""Automations that never end by themselves: they are cut off or go on, and nobody else waits for them."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from marge.automations.loading import load_automations
from marge.model import Context, Event
from tests.support.holding import HELD_S, holds
from tests.support.home import home_server
from tests.support.waiting import until

RING = 100
TRUE = [{"condition": "template", "value_template": "{{ true }}"}]


@pytest.fixture(scope="module")
def server():
    switches = "".join(f"  ring_{number}:\n" for number in range(RING))
    with home_server(f"input_boolean:\n{switches}", with_users=False) as running:
        running.wait()
        yield running


def load(server, *automations):
    """These instead of the earlier ones."""
    load_automations(server.home, [])
    load_automations(server.home, list(automations))
    server.wait()


def fire(server, event_type):
    server.home.bus.publish(Event(event_type, {}, Context.new(), server.home.clock.now()))


def endless(sequence):
    return {
        "id": "endless", "alias": "Endless", "triggers": [{"trigger": "event", "event_type": "go"}],
        "actions": [{"repeat": {"while": TRUE, "sequence": sequence}}],
    }


def test_a_ring_of_automations_holds_nobody_up(server):
    """A hundred automations that trigger each other for ever: others have their turns, and the ring can be stopped."""
    load(server, *(
        {
            "id": f"ring_{number}", "alias": f"Ring {number}", "mode": "queued",
            "triggers": [{"trigger": "state", "entity_id": f"input_boolean.ring_{number}"}],
            "actions": [
                {"action": "input_boolean.toggle", "target": {"entity_id": f"input_boolean.ring_{(number + 1) % RING}"}}
            ],
        }
        for number in range(RING)
    ))  # fmt: skip
    shared = server.home.shared["automations"]
    before = shared.total_runs
    call = server.home.services.call

    call("input_boolean", "toggle", {"entity_id": "input_boolean.ring_0"}, None, Context.new())
    with holds() as found:
        until(lambda: shared.total_runs > before + 2 * RING)
    call("automation", "turn_off", {"entity_id": "all"}, None, Context.new())
    until(lambda: not [path for path in server.home.system.paths() if "/run-" in path])
    load(server)

    assert max(found) < HELD_S


def test_a_loop_without_end_is_cut_off(server):
    """`while: true` without a wait ends with an error that names the automation; others have their turns meanwhile."""
    load(server, endless([{"variables": {"x": "{{ 1 + 1 }}"}}]))

    with capture_logs() as logs, holds() as found:
        fire(server, "go")
        until(lambda: any("loop terminated" in line["event"] for line in logs))

    line = next(each for each in logs if "loop terminated" in each["event"])
    assert line["automation"] == "Endless"
    assert line["step"] == "action/0"
    assert max(found) < HELD_S
    until(lambda: server.state("automation.endless").attributes["current"] == 0)


@pytest.mark.parametrize("sequence", [[{"delay": 0}], [{"event": "nothing"}, {"delay": 0}]], ids=["delay", "event"])
def test_a_loop_that_waits_for_nothing_holds_nobody_up(server, sequence):
    """A loop with `delay: 0` goes on until it is stopped or cut off, and others have their turns."""
    load(server, endless(sequence))

    fire(server, "go")
    with holds() as found:
        until(lambda: len(found) >= 200)
    server.home.services.call("automation", "turn_off", {"entity_id": "automation.endless"}, None, Context.new())
    until(lambda: not [path for path in server.home.system.paths() if "/run-" in path])

    assert max(found) < HELD_S
