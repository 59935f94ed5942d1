"""What `for:` of triggers waits for goes on after a restart: real servers on one folder, on simulated time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from marge.actors import SimulatedClock
from marge.automations.holds import STORED, ensure_holds
from marge.domains.sensor import SensorEntity
from marge.home import Home
from tests.automations.front_door import server_on
from tests.support.home import HomeServer

START = 1_795_194_000.0
CONFIGURATION = """
input_boolean:
  door:
input_number:
  n: {min: 0, max: 100}
automation:
  - id: state
    triggers: [{trigger: state, entity_id: input_boolean.door, to: "on", for: "00:10:00"}]
    actions: [{event: hit, event_data: {kind: state, for: "{{ trigger.for }}", to: "{{ trigger.to_state.state }}"}}]
  - id: number
    triggers: [{trigger: numeric_state, entity_id: input_number.n, above: 50, for: {minutes: 10}}]
    actions: [{event: hit, event_data: {kind: number}}]
  - id: template
    triggers:
      - {trigger: template, value_template: "{{ is_state('input_boolean.door', 'on') }}", for: {minutes: 10}}
    actions: [{event: hit, event_data: {kind: template}}]
  - id: device
    triggers: [{trigger: state, entity_id: sensor.device, to: "open", for: {minutes: 10}}]
    actions: [{event: hit, event_data: {kind: device}}]
"""


class Lived:
    """A server for a while: what hit, and the means to poke it."""

    def __init__(self, server: HomeServer, clock: SimulatedClock) -> None:
        self.server, self.clock, self.home = server, clock, server.home
        self.hits: list[str] = []
        self.data: list[dict[str, object]] = []
        self.home.bus.subscribe(self._hit, "hit")
        server.wait()

    def _hit(self, event) -> None:
        self.hits.append(event.data["kind"])
        self.data.append(event.data)

    def turn(self, state: str) -> None:
        self.home.services.call("input_boolean", f"turn_{state}", {"entity_id": "input_boolean.door"})
        self.server.wait()

    def set_number(self, value: float) -> None:
        self.home.services.call("input_number", "set_value", {"entity_id": "input_number.n", "value": value})
        self.server.wait()

    def advance(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.server.wait()


@contextmanager
def lived(folder: Path, now: float, configuration: str = CONFIGURATION) -> Iterator[Lived]:
    with server_on(folder, configuration, now) as (server, clock):
        yield Lived(server, clock)


def stored(home: Home) -> dict[str, object]:
    return home.storage.load_all(STORED)


def test_what_is_left_of_for_is_waited_for_after_a_restart(tmp_path):
    """Ten minutes: four before the restart, two while the home is off, four after it; all three kinds of triggers."""
    with lived(tmp_path, START) as before:
        before.turn("on")
        before.set_number(60)
        before.advance(240)
        assert before.hits == []
    with lived(tmp_path, START + 360) as after:
        after.advance(239)
        assert after.hits == []
        after.advance(2)
        assert sorted(after.hits) == ["number", "state", "template"]
        assert {"kind": "state", "for": "0:10:00", "to": "on"} in after.data
        after.advance(1)
        assert stored(after.home) == {}


def test_what_came_due_while_the_home_was_off_fires_at_once(tmp_path):
    """The light that should have gone off while the home was off goes off when it is back, once."""
    with lived(tmp_path, START) as before:
        before.turn("on")
        before.advance(60)
    with lived(tmp_path, START + 3_600) as after:
        after.advance(1)
        assert sorted(after.hits) == ["state", "template"]
        after.advance(3_600)
        assert len(after.hits) == 2


def test_what_ended_before_the_restart_is_forgotten(tmp_path):
    """The door was closed again: nothing is left to wait for, on disk neither."""
    with lived(tmp_path, START) as before:
        before.turn("on")
        before.advance(60)
        assert len(stored(before.home)) == 2
        before.turn("off")
        before.advance(1)
        assert stored(before.home) == {}
    with lived(tmp_path, START + 120) as after:
        after.advance(3_600)
        assert after.hits == []


def test_a_changed_trigger_does_not_find_what_another_waited_for(tmp_path):
    """Somebody edits the file while the home is off: the trigger is a new one."""
    with lived(tmp_path, START) as before:
        before.turn("on")
        before.advance(60)
    changed = CONFIGURATION.replace('"00:10:00"', '"00:11:00"').replace("is_state(", "not not is_state(")
    with lived(tmp_path, START + 120, changed) as after:
        after.advance(3_600)
        assert after.hits == []


def test_an_automation_that_was_turned_off_waits_for_nothing(tmp_path):
    """Turning an automation off ends what its triggers wait for, for good."""
    with lived(tmp_path, START) as before:
        before.turn("on")
        before.advance(60)
        before.home.services.call("automation", "turn_off", {"entity_id": "automation.state"})
        before.advance(1)
        assert list(stored(before.home)) == [f"{STORED}id template"]


@pytest.mark.parametrize(("first_word", "hits"), [("open", ["device"]), ("closed", [])])
def test_a_device_that_is_heard_of_late_is_waited_for(tmp_path, first_word, hits):
    """Its first word decides whether the waiting goes on; the change from unavailable does not begin it anew."""
    with lived(tmp_path, START) as before:
        device = SensorEntity()
        device.native_value = "closed"
        before.home.entities.add(device, "sensor.device", "somebody")
        before.home.entities.report("sensor.device", native_value="open")
        before.server.wait()
        before.advance(60)
        assert ensure_holds(before.home).describe() == {"owners": 1, "holds": 1}
    with lived(tmp_path, START + 120) as after:
        after.advance(60)
        assert after.server.state("sensor.device").state == "unavailable"
        device = SensorEntity()
        device.native_value = first_word
        after.home.entities.add(device, "sensor.device", "somebody")
        after.server.wait()
        after.advance(600 - 180 - 1)
        assert after.hits == []
        after.advance(2)
        assert after.hits == hits


def test_records_that_cannot_be_read_or_are_old_are_left_out(tmp_path):
    """A file from elsewhere, or from last month, harms nothing."""
    with lived(tmp_path, START) as before:
        before.home.storage.save(f"{STORED}id state", {"x/y": {"due": "soon"}, "z": 7})
        before.home.storage.save(f"{STORED}id number", ["?"])
    with lived(tmp_path, START) as after:
        assert ensure_holds(after.home).describe() == {"owners": 0, "holds": 0}
        after.advance(1)
        assert stored(after.home) == {}
