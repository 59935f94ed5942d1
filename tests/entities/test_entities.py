"""Entities have one writer, readers see whole snapshots, and no crash loses a state."""

from __future__ import annotations

from typing import Any

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.actors import ActorSystem, SimulatedClock
from marge.entities import Entities
from marge.errors import AlreadyExists, InvalidRequest
from marge.model import STATE_CHANGED, Context, Event, State
from tests.entities.conftest import LAMP, Lamp


def heard(system, entity_id=None):
    events: list[Event] = []
    system.bus.subscribe(events.append, STATE_CHANGED, entity_id)
    return events


def test_a_first_write_makes_the_entity_and_later_ones_move_the_right_times(system, entities):
    """last_changed: the state; last_updated: state or attributes; last_reported: everything."""
    clock, context = system.clock, Context.new()
    first, is_new = entities.write("sensor.a", "1", {"x": 1}, context)
    assert is_new
    assert first.last_changed == first.last_updated == first.last_reported == clock.now()
    clock.advance(1)
    same, is_new = entities.write("sensor.a", "1", {"x": 1}, Context.new())
    assert not is_new
    assert (same.last_changed, same.last_updated, same.context) == (first.last_changed, first.last_updated, context)
    assert same.last_reported == clock.now()
    clock.advance(1)
    attribute, _ = entities.write("sensor.a", "1", {"x": 2}, Context.new())
    assert (attribute.last_changed, attribute.last_updated) == (first.last_changed, clock.now())
    clock.advance(1)
    forced, _ = entities.write("sensor.a", "1", {"x": 2}, Context.new(), force=True)
    assert forced.last_changed == clock.now()


def test_an_equal_write_tells_nobody(system, entities):
    """Repeated values would trigger automations again; only a change is an event."""
    events = heard(system)
    for _ in range(3):
        entities.write("sensor.a", "1", {}, Context.new())

    assert len(events) == 1
    assert events[0].data["old_state"] is None


def test_attributes_that_are_cut_are_no_change_when_they_come_again(system, entities):
    """What is nested too deeply is left out each time, and compared as it is shown."""
    deep: Any = "bottom"
    for _ in range(500):
        deep = [deep]
    events = heard(system)
    for _ in range(3):
        entities.write("sensor.a", "1", {"deep": deep}, Context.new())

    assert len(events) == 1


def test_concurrent_first_writes_make_one_entity(system, entities):
    """Exactly one of them is told that the entity is new, and none fails."""
    jobs = [gevent.spawn(entities.write, "sensor.a", str(n), {}, Context.new()) for n in range(100)]
    gevent.joinall(jobs)

    assert sum(job.value[1] for job in jobs) == 1
    assert len(entities.states) == 1


def test_reply_then_read_sees_the_write(system, entities):
    """After a reply everybody reads the new value."""
    written, _ = entities.write("sensor.a", "1", {}, Context.new())

    assert entities.states.get("sensor.a") is written
    assert entities.states.domain("sensor") == [written]


def test_merging_keeps_other_attributes(system, entities):
    """The raw bridge writes a state and loses no attribute."""
    entities.write("sensor.a", "1", {"x": 1, "y": 2}, Context.new())
    entities.merge("sensor.a", "2", {"y": 3})
    system.settle()
    state = entities.states.get("sensor.a")

    assert (state.state, dict(state.attributes)) == ("2", {"x": 1, "y": 3})


def test_removal_is_an_event_and_a_new_life_starts_clean(system, entities):
    """new_state is None; what comes later under the id has no memory."""
    entities.write("sensor.a", "1", {"x": 1}, Context.new())
    events = heard(system, "sensor.a")
    assert entities.remove("sensor.a")
    assert not entities.remove("sensor.a")
    assert events[0].data["new_state"] is None
    state, is_new = entities.write("sensor.a", "2", {}, Context.new())

    assert is_new
    assert dict(state.attributes) == {}


def test_an_id_can_be_added_right_after_its_removal(system, entities):
    """No message to the new life is swallowed by the end of the old one."""
    for number in range(20):
        entities.add(Lamp(), "lamp.a", "bridge")
        entities.report("lamp.a", is_on=True, level=number)
        system.settle()
        assert entities.states.get("lamp.a").attributes["level"] == number
        entities.remove_later("lamp.a")
        system.settle(1)

    assert system.dead_letters.total == 0
    assert len(entities.states) == 0
    assert system.actor("/entities").child_names() == []


def test_an_owned_entity_shows_what_its_owner_reports(system, entities):
    """Reports set fields; unavailable hides the value and comes back with it."""
    entities.add(Lamp(), "lamp.a", "bridge")
    system.settle()
    assert entities.states.get("lamp.a").state == "unknown"
    entities.report("lamp.a", is_on=True, level=7)
    system.settle()
    assert dict(entities.states.get("lamp.a").attributes) == {"level": 7}
    entities.report("lamp.a", available=False)
    system.settle()
    state = entities.states.get("lamp.a")
    assert (state.state, dict(state.attributes)) == ("unavailable", {})
    entities.report("lamp.a", available=True)
    system.settle()

    assert entities.states.get("lamp.a").state == "on"
    assert entities.states.owner("lamp.a") == "bridge"


def test_one_owner_an_entity(system, entities):
    """A virtual entity can be taken over, one with an owner cannot; ids must fit."""
    entities.write("lamp.a", "on", {}, Context.new())
    entities.add(Lamp(), "lamp.a", "bridge")
    with pytest.raises(AlreadyExists):
        entities.add(Lamp(), "lamp.a", "other")
    with pytest.raises(InvalidRequest):
        entities.add(Lamp(), "sensor.a", "bridge")
    with pytest.raises(InvalidRequest):
        entities.ensure_virtual("no_dot")


@pytest.mark.parametrize("how", ["kill", "bad report"])
def test_a_crashed_entity_comes_back_with_its_state(system, entities, how):
    """The supervisor heals it; its state and its owned entity survive."""
    lamp = Lamp()
    entities.add(lamp, "lamp.a", "bridge")
    entities.report("lamp.a", is_on=True, level=3)
    system.settle()
    if how == "kill":
        system.kill("/entities/lamp.a")
    else:
        entities.report("lamp.a", no_such_field=1)
    system.settle()

    assert entities.states.get("lamp.a").state == "on"
    assert lamp.added == 2
    entities.report("lamp.a", is_on=False)
    system.settle()
    assert entities.states.get("lamp.a").state == "off"


def test_an_entity_that_crashes_again_and_again_harms_no_other(system, entities):
    """It ends as failed, and its siblings never notice."""
    entities.add(Lamp(), "lamp.bad", "bridge")
    entities.write("sensor.good", "1", {}, Context.new())
    for _ in range(40):
        entities.report("lamp.bad", no_such_field=1)
        system.clock.advance(31)

    assert system.inspect("/entities/lamp.bad")["status"] == "failed"
    assert entities.write("sensor.good", "2", {}, Context.new())[0].state == "2"


def test_restored_owned_entities_are_unavailable_until_their_owner_is_back(system, entities):
    """Nobody should take last night's state for a fact; virtual ones are as they were."""
    now = system.clock.now()
    entities.restore(State("lamp.a", "on", {"level": 5}, now, now, now, Context.new()), "bridge")
    entities.restore(State("sensor.v", "7", {}, now, now, now, Context.new()), None)
    system.settle()
    shown = entities.states.get("lamp.a")
    assert (shown.state, dict(shown.attributes)) == ("unavailable", {"level": 5, "restored": True})
    assert entities.states.get("sensor.v").state == "7"
    entities.add(Lamp(), "lamp.a", "bridge")
    system.settle()

    assert dict(entities.states.get("lamp.a").attributes) == {"level": None}


def test_the_context_of_a_command_marks_the_echo_for_five_seconds(system, entities, services):
    """A device's answer belongs to what caused it."""
    entities.add(Lamp(), "lamp.a", "bridge")
    system.settle()
    context = Context.new(user_id="u")
    services.call("lamp", "turn_on", {"entity_id": "lamp.a"}, context=context)
    entities.report("lamp.a", level=9)
    system.settle()

    assert entities.states.get("lamp.a").context == context
    system.clock.advance(4.9)
    entities.report("lamp.a", level=10)
    system.settle()
    assert entities.states.get("lamp.a").context == context
    system.clock.advance(0.2)
    entities.report("lamp.a", level=11)
    system.settle()
    assert entities.states.get("lamp.a").context.user_id is None


def test_collect_finds_what_changed_under_a_context(system, entities):
    """Every change, in order, and nothing of other contexts."""
    context = Context.new()
    with entities.states.collect(context.id) as collected:
        entities.write("sensor.a", "1", {}, context)
        entities.write("sensor.b", "1", {}, Context.new())
        entities.write("sensor.c", "1", {}, context)
        entities.write("sensor.a", "2", {}, context)

    seen = [(state.entity_id, state.state) for state in collected.states]
    assert seen == [("sensor.a", "1"), ("sensor.c", "1"), ("sensor.a", "2")]


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["write", "merge", "remove", "kill"]),
        st.sampled_from(["sensor.a", "sensor.b"]),
        st.sampled_from(["1", "2", ""]),
    ),
    max_size=30,
)


@given(OPERATIONS)
def test_events_tell_the_whole_story(operations):
    """Whoever replays the events has the table: each old state is the new state before."""
    clock = SimulatedClock()
    system = ActorSystem(clock=clock)
    entities = Entities(system, {"lamp": LAMP})
    replayed: dict[str, State] = {}

    def follow(event):
        entity_id, old, new = (event.data[key] for key in ("entity_id", "old_state", "new_state"))
        assert (old is None) == (entity_id not in replayed)
        assert old is None or (old.state, old.attributes) == (replayed[entity_id].state, replayed[entity_id].attributes)
        if new is None:
            del replayed[entity_id]
        else:
            replayed[entity_id] = new

    problems: list[AssertionError | None] = []
    system.bus.subscribe(lambda event: problems.append(_problem(follow, event)), STATE_CHANGED)
    for action, entity_id, value in operations:
        if action == "write":
            entities.write(entity_id, value, {"v": value}, Context.new())
        elif action == "merge":
            entities.merge(entity_id, value, {"m": value})
        elif action == "remove":
            entities.remove(entity_id)
        else:
            system.kill(f"/entities/{entity_id}")
        system.settle()
    clock.advance(60)

    assert [problem for problem in problems if problem] == []
    assert {key: state.state for key, state in replayed.items()} == {
        state.entity_id: state.state for state in entities.states.all()
    }
    system.shutdown()


def _problem(follow, event):
    try:
        follow(event)
    except AssertionError as exc:
        return exc
    return None


def test_an_equal_report_is_told_to_those_who_listen_for_it(system, entities):
    """`state_reported` exists for who asks, and costs nobody else anything."""
    entities.write("sensor.a", "1", {}, Context.new())
    events: list[Event] = []
    subscription = system.bus.subscribe(events.append, "state_reported")
    system.clock.advance(1)
    entities.write("sensor.a", "1", {}, Context.new())
    subscription.cancel()
    entities.write("sensor.a", "1", {}, Context.new())

    assert len(events) == 1
    assert events[0].data["last_reported"] == system.clock.now()
    assert events[0].data["old_last_reported"] == system.clock.now() - 1


def test_an_entity_whose_actor_is_being_restarted_is_renamed_and_parked_all_the_same(system, entities):
    """What it was told gets lost with its mailbox; its successor does it."""
    lamp = Lamp()
    entities.add(lamp, "lamp.a", "test")
    system.settle()
    system.kill("/entities/lamp.a")
    entities.rename("lamp.a", "lamp.b")
    system.settle()
    assert (entities.states.get("lamp.a"), lamp.entity_id) == (None, "lamp.b")
    assert entities.states.get("lamp.b") is not None

    system.kill("/entities/lamp.b")
    entities.is_enabled = lambda entity_id: False
    entities.park("lamp.b")
    system.settle()
    assert entities.states.get("lamp.b") is None
    assert list(entities.parked) == ["lamp.b"]
    entities.is_enabled = lambda entity_id: True
    entities.unpark("lamp.b")
    system.settle()
    assert entities.states.get("lamp.b") is not None


def test_followers_come_along_and_others_do_not(system, entities):
    """A follower hears nothing of the move and all that comes after; a plain subscriber sees the removal."""
    followed: list[Any] = []
    plain = heard(system, "lamp.a")
    entities.add(Lamp(), "lamp.a", "test")
    system.settle()
    entities.follow(followed.append, "lamp.a")
    plain.clear()
    entities.rename("lamp.a", "lamp.b")
    system.settle()
    assert followed == []
    assert [event.data["new_state"] for event in plain] == [None]
    entities.report("lamp.b", is_on=True)
    system.settle()
    assert [event.data["entity_id"] for event in followed] == ["lamp.b"]
