"""Triggers that others offer: calendars, conversations, devices; and automations made of blueprints."""

from __future__ import annotations

from datetime import timedelta

import gevent

from marge.automations.loading import load_automations
from marge.automations.sentences import sentence_triggers
from marge.domains.calendar import CalendarEntity, CalendarEvent
from marge.util.dt import from_epoch
from tests.automations.world import World, world

BLUEPRINT = """blueprint:
  name: Echo
  domain: automation
  input:
    what: {}
    answer: {default: hit}
triggers:
  - {trigger: event, event_type: !input what}
actions:
  - event: !input answer
"""


class Calendar(CalendarEntity):
    """Holds a list of events."""

    def __init__(self, home, events):
        super().__init__(home)
        self.events = events

    def events_between(self, start, end):
        return [each for each in self.events if each.start < end and each.end > start]


def event(made: World, begins_in_s: float, lasts_s: float = 60.0, summary: str = "E") -> CalendarEvent:
    start = from_epoch(made.home.clock.home_now()) + timedelta(seconds=begins_in_s)
    return CalendarEvent(start, start + timedelta(seconds=lasts_s), summary, uid=summary)


def with_calendar(*triggers):
    def prepare(home):
        home.entities.add(Calendar(home, []), "calendar.house", "test")

    config = {"id": "x", "alias": "X", "mode": "queued", "triggers": list(triggers), "actions": [
        {"event": "hit", "event_data": {"s": "{{ trigger.calendar_event.summary }} {{ trigger.event }}"}}]}
    return world({"automation": [config]}, prepare=prepare)


def put(made: World, *events: CalendarEvent) -> None:
    """The calendar holds these events, and says so."""
    calendar = made.home.entities.owned["calendar.house"]
    assert isinstance(calendar, Calendar)
    calendar.events = list(events)
    made.home.entities.report("calendar.house", event=events[0] if events else None)
    made.settle()


def test_events_trigger_when_they_begin_and_end_with_an_offset():
    """Before the beginning, and at the end; each once."""
    start = {"trigger": "calendar", "entity_id": "calendar.house", "offset": "-00:00:10"}
    end = {"trigger": "calendar", "entity_id": "calendar.house", "event": "end"}
    with with_calendar(start, end) as made:
        put(made, event(made, 30))
        made.advance(19)
        assert made.data_of("hit") == []
        made.advance(2)
        assert made.data_of("hit") == [{"s": "E start"}]
        made.advance(120)
        assert made.data_of("hit") == [{"s": "E start"}, {"s": "E end"}]


def test_an_event_that_is_moved_or_deleted_triggers_when_it_is_now():
    """The calendar's change is enough; nothing is left of the old time."""
    with with_calendar({"trigger": "calendar", "entity_id": "calendar.house"}) as made:
        put(made, event(made, 30))
        put(made, event(made, 300))
        made.advance(100)
        assert made.data_of("hit") == []
        put(made)
        made.advance(400)
        assert made.data_of("hit") == []


def test_events_beyond_the_next_minutes_are_found_in_time():
    """The calendar is asked again and again, without a change of its state."""
    with with_calendar({"trigger": "calendar", "entity_id": "calendar.house"}) as made:
        made.home.entities.owned["calendar.house"].events = [event(made, 7200)]
        made.advance(7190)
        assert made.data_of("hit") == []
        made.advance(20)
        assert made.data_of("hit") == [{"s": "E start"}]


def test_a_calendar_that_fails_is_asked_again():
    """What was known stays, and the next answer counts."""
    with with_calendar({"trigger": "calendar", "entity_id": "calendar.house"}) as made:
        calendar = made.home.entities.owned["calendar.house"]
        put(made, event(made, 60))
        answer = calendar.events_between
        calendar.events_between = lambda *_times: 1 / 0
        made.home.entities.report("calendar.house", event=None)
        made.settle()
        made.advance(70)
        assert made.data_of("hit") == [{"s": "E start"}]

        calendar.events_between = answer
        calendar.events = [event(made, 3600, summary="F")]
        made.advance(3610)

        assert made.data_of("hit")[1:] == [{"s": "F start"}]


def test_a_sentence_starts_an_automation_and_gets_its_answer():
    """The run's response; "" when it gives none; None when nobody waits for the sentence."""
    conversation = [
        {"id": "p", "alias": "P", "triggers": [{"trigger": "conversation", "command": "play {what}"}],
         "actions": [{"set_conversation_response": "Playing {{ trigger.slots.what }}"}]},
        {"id": "q", "alias": "Q", "triggers": [{"trigger": "conversation", "command": ["be quiet"]}],
         "actions": [{"event": "quiet"}]},
    ]  # fmt: skip
    with world({"automation": conversation}) as made:
        ask = sentence_triggers(made.home).respond
        answers = [gevent.spawn(ask, text, {"device_id": None}) for text in ("Play music!", "be quiet", "nothing")]
        made.settle()
        assert [each.get(timeout=60) for each in answers] == ["Playing music", "", None]
        made.call("automation.turn_off", {"entity_id": "automation.p"})
        assert gevent.spawn(ask, "play music", {}).get(timeout=60) is None


def test_a_blueprint_is_filled_in_and_a_changed_one_counts_with_the_next_load():
    """The entity shows what came of it; without the file, or an input, it is unavailable."""
    use = {"id": "b", "alias": "B", "use_blueprint": {"path": "me/echo.yaml", "input": {"what": "go"}}}
    lacks = {"id": "c", "alias": "C", "use_blueprint": {"path": "me/echo.yaml"}}

    def prepare(home):
        file = home.config.config_dir / "blueprints" / "automation" / "me" / "echo.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(BLUEPRINT)

    with world({"automation": [use, lacks]}, prepare=prepare) as made:
        made.fire("go")
        assert len(made.of_type("hit")) == 1
        assert made.state("automation.c") == "unavailable"

        file = made.home.config.config_dir / "blueprints" / "automation" / "me" / "echo.yaml"
        file.write_text(BLUEPRINT.replace("default: hit", "default: changed"))
        load_automations(made.home, [use, lacks])
        made.settle()
        made.fire("go")

        assert (len(made.of_type("hit")), len(made.of_type("changed"))) == (1, 1)
        file.unlink()
        load_automations(made.home, [use, lacks])
        made.settle()
        assert made.state("automation.b") == "unavailable"
