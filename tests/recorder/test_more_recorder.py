"""Events for the logbook, include and exclude, purging entities, new names."""

from datetime import UTC, datetime

import pytest

from marge.model import Context, Event, State
from marge.recorder import PurgeEntities, PurgeHistory, RenameEntity, SetRecording, entity_filter, history, restore
from marge.recorder.events import EventBuffer
from marge.recorder.repack import is_second_sunday
from marge.storage.models import EventRow
from tests.recorder.support import T0, Rig
from tests.support.waiting import until


def states(rig, entity_id):
    return [each.state for each in history(rig.database, entity_id, 0, T0 * 2) if each is not None]


def fire(rig, kind, **data):
    rig.system.bus.publish(Event(kind, data, Context.new(user_id="me"), rig.clock.now()))


def events(rig):
    return rig.database.run(lambda db: list(EventRow.select(EventRow.kind, EventRow.data).tuples().execute(db)))


def test_events_are_kept_without_what_the_logbook_does_not_need(rig):
    """A service's data may hold a door's code; two events of one moment are two rows."""
    fire(rig, "call_service", domain="lock", service="unlock", service_data={"code": "1234"})
    fire(rig, "call_service", domain="light", service="turn_on")
    fire(rig, "something_else", a=1)
    rig.flush()

    assert events(rig) == [
        ("call_service", '{"domain":"lock","service":"unlock"}'),
        ("call_service", '{"domain":"light","service":"turn_on"}'),
    ]


def test_the_mailbox_has_its_turn_while_events_come_as_fast_as_they_are_written(rig, monkeypatch):
    """A house where services are always called: each write finds another event, and a flush ends all the same."""
    commits, write = rig.recorder._commits, rig.recorder._commits.write_events
    written = []

    def meanwhile(happenings):
        write(happenings)
        written.append(len(happenings))
        if len(written) < 100:
            fire(rig, "call_service", domain="light", service="toggle")

    monkeypatch.setattr(commits, "write_events", meanwhile)
    for _ in range(3):
        fire(rig, "call_service", domain="light", service="turn_on")
    rig.flush()
    assert written == [3]
    rig.flush()
    assert written == [3, 1]


def test_events_wait_in_a_bounded_buffer():
    """The oldest are shed and counted, also when a batch comes back."""
    buffer = EventBuffer(limit=3)
    for number in range(5):
        buffer.take(Event("homeassistant_start", {}, Context.new(), float(number)))
    taken = buffer.take_out()
    buffer.take(Event("homeassistant_stop", {}, Context.new(), 9.0))
    buffer.put_back(taken)

    assert [each.time for each in buffer.take_out()] == [3.0, 4.0, 9.0]
    assert buffer.shed == 3


@pytest.mark.parametrize(
    ("section", "kept", "left_out"),
    [
        (None, ["light.a"], []),
        ({"exclude": {"domains": ["sun"]}}, ["light.a"], ["sun.sun"]),
        ({"include": {"domains": "light"}}, ["light.a"], ["sun.sun"]),
        ({"include": {"entities": ["light.a"]}}, ["light.a"], ["light.b"]),
        ({"include": {"entities": ["sun.sun"]}, "exclude": {"domains": ["sun"]}}, ["sun.sun", "light.a"], ["sun.x"]),
        ({"include": {"domains": ["light"]}, "exclude": {"entity_globs": ["*.b*"]}}, ["light.a"], ["light.b1", "a.a"]),
        ({"exclude": {"entities": ["light.a"], "entity_globs": "sensor.*_raw"}}, ["sensor.x"], ["sensor.x_raw"]),
    ],
)
def test_include_and_exclude_say_who_has_a_history(section, kept, left_out):
    """A named entity wins over patterns, and patterns over domains."""
    keeps = entity_filter(section) or (lambda _entity_id: True)

    assert [each for each in [*kept, *left_out] if keeps(each)] == kept


def test_what_is_left_out_is_still_restored(tmp_path):
    """It has no history, but its state outlives a restart."""
    rig = Rig(tmp_path / "marge.db", keeps=entity_filter({"exclude": {"domains": ["light"]}}))
    rig.write("light.a", "on")
    rig.flush()

    assert states(rig, "light.a") == []
    assert restore(rig.database)["light.a"][0].state == "on"
    rig.close()


def test_recording_can_be_stopped(rig):
    """Nothing becomes history until it goes on."""
    rig.write("light.a", "on")
    rig.system.ask("/recorder", SetRecording(False))
    rig.write("light.a", "off")
    rig.system.ask("/recorder", SetRecording(True))
    rig.write("light.a", "dim")
    rig.flush()

    assert states(rig, "light.a") == ["on", "dim"]


def test_the_history_of_some_entities_can_be_removed(rig):
    """And that of others stays; several purges wait for each other."""
    for name in ("light.a", "light.b", "light.c"):
        rig.write(name, "on")
    rig.flush()
    rig.clock.advance(1)

    rig.system.ask("/recorder", PurgeEntities(lambda name: name == "light.a"))
    rig.system.ask("/recorder", PurgeEntities(lambda name: name == "light.b"))
    rig.clock.advance(1)

    assert [states(rig, name) for name in ("light.a", "light.b", "light.c")] == [[], [], ["on"]]


def test_a_purge_takes_old_events_along(rig):
    """As old as the states that go."""
    fire(rig, "homeassistant_start")
    rig.flush()
    rig.clock.advance(86_400 * 2)
    fire(rig, "homeassistant_stop")
    rig.flush()

    rig.system.ask("/recorder", PurgeHistory(1))
    rig.clock.advance(1)

    assert [kind for kind, _data in events(rig)] == ["homeassistant_stop"]


def test_a_renamed_entity_keeps_its_past(rig):
    """Also when something was recorded under the new name already, and what comes then goes on with it."""
    rig.write("light.old", "on")
    rig.flush()
    rig.clock.advance(1)
    rig.write("light.new", "off")

    rig.system.ask("/recorder", RenameEntity("light.old", "light.new"))
    rig.clock.advance(1)
    rig.write("light.new", "on")
    rig.flush()

    assert states(rig, "light.new") == ["on", "off", "on"]
    assert states(rig, "light.old") == []


def test_the_registry_says_who_was_renamed(rig):
    """Its event is enough."""
    rig.write("light.old", "on")
    data = {"action": "update", "entity_id": "light.new", "old_entity_id": "light.old", "changes": {}}

    rig.system.bus.publish(Event("entity_registry_updated", data, Context.new(), rig.clock.now()))
    rig.flush()  # behind it in the mailbox

    assert states(rig, "light.new") == ["on"]


def test_a_change_that_others_follow_is_an_event(rig):
    """Once, and not when an event tells of the context already."""
    def change(entity_id, context):
        made = State(entity_id, "on", {}, T0, T0, T0, context)
        rig.publish(made)

    followed, told, alone = Context.new(), Context.new(), Context.new()
    for name in ("light.a", "group.a", "sensor.a"):
        change(name, followed)
    rig.system.bus.publish(Event("call_service", {"domain": "light", "service": "turn_on"}, told, T0))
    change("light.b", told)
    change("group.b", told)
    change("light.c", alone)
    change("light.c", alone)
    rig.flush()

    assert sorted(events(rig)) == [
        ("call_service", '{"domain":"light","service":"turn_on"}'),
        ("state_changed", '{"entity_id":"light.a","state":"on"}'),
    ]


def test_a_repack_gives_freed_space_back_to_the_disk(rig):
    """A purge alone leaves the file as large as it was."""
    for number in range(3_000):
        rig.write(f"sensor.s{number % 50}", "x" * 200, at=T0 + number, number=number)
    rig.flush()

    def size():
        return rig.database.run(lambda db: db.execute_sql("PRAGMA page_count").fetchone()[0])

    before = size()
    rig.clock.advance(20 * 86_400)
    rig.system.tell("/recorder", PurgeHistory(10, repack=True))
    until(lambda: rig.recorder.describe()["repacked_pages"] > 0)
    assert size() < before / 2


def test_a_repack_comes_by_itself_on_the_second_sunday_of_a_month():
    """2026-11-08 is one; neither the first nor the third nor a Monday."""
    days = [datetime(2026, 11, day, 12, tzinfo=UTC).timestamp() for day in range(1, 31)]
    assert [number for number, day in enumerate(days, 1) if is_second_sunday(day)] == [8]
