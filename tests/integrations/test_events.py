"""Events that a calendar keeps: repetitions, what is left out or changed of them, and the change of the clocks."""

from __future__ import annotations

import datetime as dt
import time
from zoneinfo import ZoneInfo

import pytest
import voluptuous as vol
from hypothesis import given, settings
from hypothesis import strategies as st

from marge.domains._calendar_schema import rrule
from marge.errors import HomeError
from marge.integrations import _events
from marge.integrations._events import NoSuchEvent, Stored, added, between, deleted, made, now_or_next, updated
from marge.util.recurrence import occurrences

BERLIN = ZoneInfo("Europe/Berlin")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def event(start: object, end: object, **more: object) -> Stored:
    return made({"summary": "Meet", "start": start, "end": end, **more}, BERLIN, "u")


def starts(events: _events.Events, first: str = "2027-01-01T00:00", last: str = "2028-01-01T00:00") -> list[str]:
    return [each.start.isoformat() for each in between(events, at(first), at(last), BERLIN)]


WEEKLY = event(at("2027-03-22T10:00"), at("2027-03-22T11:00"), rrule="FREQ=WEEKLY;COUNT=3")
DAILY = event(day("2027-01-05"), day("2027-01-06"), rrule="FREQ=DAILY;COUNT=4")


def test_a_weekly_event_stays_at_its_hour_when_summer_time_begins() -> None:
    """Ten o'clock stays ten o'clock; the offset changes."""
    assert starts((WEEKLY,)) == [
        "2027-03-22T10:00:00+01:00", "2027-03-29T10:00:00+02:00", "2027-04-05T10:00:00+02:00"
    ]  # fmt: skip


def test_a_time_that_the_clocks_skip_is_shown_as_the_time_that_there_is() -> None:
    """On the night of the change half past two does not exist."""
    skipped = event(at("2027-03-27T02:30"), at("2027-03-27T02:45"), rrule="FREQ=DAILY;COUNT=2")

    assert starts((skipped,))[1] == "2027-03-28T03:30:00+02:00"


def test_an_event_is_found_while_it_runs_and_not_when_it_is_over() -> None:
    """Overlap counts, touching does not."""
    single = (event(at("2027-05-01T10:00"), at("2027-05-01T12:00")),)

    assert len(starts(single, "2027-05-01T11:00", "2027-05-01T11:30")) == 1
    assert starts(single, "2027-05-01T12:00", "2027-05-01T13:00") == []
    assert starts(single, "2027-05-01T09:00", "2027-05-01T10:00") == []


def test_an_occurrence_can_be_left_out_changed_and_left_out_after_that() -> None:
    """Its id stays that of the time at which it was to be."""
    events = deleted((DAILY,), "u", "20270106", False)
    moved = event(day("2027-01-20"), day("2027-01-21"))
    events = updated(events, "u", moved, "20270107", False)

    assert starts(events) == ["2027-01-05", "2027-01-08", "2027-01-20"]
    assert between(events, at("2027-01-20T00:00"), at("2027-01-21T00:00"), BERLIN)[0].recurrence_id == "20270107"
    assert starts(deleted(events, "u", "20270107", False)) == ["2027-01-05", "2027-01-08"]


def test_this_and_all_that_follow_can_be_deleted_or_become_another_event() -> None:
    """What was before stays as it was."""
    assert starts(deleted((DAILY,), "u", "20270107", True)) == ["2027-01-05", "2027-01-06"]
    later = event(day("2027-02-07"), day("2027-02-08"), rrule=DAILY.rule)
    changed = updated((DAILY,), "u", later, "20270107", True)
    assert starts(changed) == ["2027-01-05", "2027-01-06", "2027-02-07", "2027-02-08"]
    assert len({each.uid for each in changed}) == 2
    assert deleted((DAILY,), "u", "20270105", True) == ()


def test_an_event_without_occurrences_is_gone() -> None:
    """Nobody could ever delete it otherwise."""
    events: _events.Events = (DAILY,)
    for recurrence_id in ("20270105", "20270106", "20270107", "20270108"):
        events = deleted(events, "u", recurrence_id, False)

    assert events == ()


@pytest.mark.parametrize(("uid", "recurrence_id"), [("nope", None), ("u", "20270101"), ("u", "x"), ("u", "20270105T1")])
def test_what_is_not_there_cannot_be_changed(uid: str, recurrence_id: str | None) -> None:
    """Neither unknown events nor occurrences that never take place."""
    with pytest.raises(NoSuchEvent):
        deleted((DAILY,), uid, recurrence_id, False)
    with pytest.raises(NoSuchEvent):
        updated((DAILY,), uid, DAILY, recurrence_id, True)


def test_the_next_event_is_the_one_that_runs_or_begins_first() -> None:
    """Running ones before coming ones; over ones never."""
    events = (DAILY, event(at("2027-01-06T10:00"), at("2027-01-06T11:00")))
    running = now_or_next(events, at("2027-01-06T10:30"), BERLIN)
    over = now_or_next(events, at("2027-02-01T00:00"), BERLIN)

    assert running is not None and running.start == day("2027-01-06")
    assert over is None


def test_a_daily_event_of_long_ago_is_found_without_walking_through_the_years() -> None:
    """The same occurrences as counted from its beginning."""
    old = (event(at("1950-01-02T08:00"), at("1950-01-02T09:00"), rrule="FREQ=DAILY;INTERVAL=3"),)
    slow = [dt.datetime(1950, 1, 2, 8) + dt.timedelta(days=3 * number) for number in range(12_000)]
    first, last = dt.datetime(2027, 1, 1), dt.datetime(2027, 2, 1)
    wanted = [each.replace(tzinfo=BERLIN).isoformat() for each in slow if first <= each < last]

    assert starts(old, last="2027-02-01T00:00") == wanted


def test_an_end_given_in_utc_holds_in_the_events_own_zone() -> None:
    """`UNTIL` at nine o'clock UTC is ten in Berlin: that day's event still takes place."""
    until = event(at("2027-01-04T10:00"), at("2027-01-04T11:00"), rrule="FREQ=DAILY;UNTIL=20270106T090000Z")

    assert len(starts((until,))) == 3


@pytest.mark.parametrize(
    "rule",
    ["", "x", "FREQ=HOURLY", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=99999999", "FREQ=DAILY;UNTIL=x", "COUNT=3",
     "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYSECOND=1,2", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYDAY=XX"],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(rule: str) -> None:
    """With words, and at once: it is never searched for in vain."""
    with pytest.raises(vol.Invalid):
        rrule(rule)


@given(st.text(max_size=60))
def test_no_rule_raises_anything_but_its_own_error(text: str) -> None:
    """Whatever a client sends as a rule."""
    try:
        assert rrule(text) == text
    except vol.Invalid:
        return


def test_a_full_calendar_says_so() -> None:
    """Saving is as large as the calendar is."""
    full = tuple([event(day("2027-01-05"), day("2027-01-06"))] * _events.MAX_EVENTS)

    with pytest.raises(HomeError, match="at most"):
        added(full, DAILY)


def test_what_is_saved_is_read_back_the_same() -> None:
    """With what was left out of a repetition."""
    events = deleted((DAILY, WEEKLY), "u", "20270106", False)

    assert tuple(_events.restored(each.as_dict()) for each in events) == events


def test_a_search_without_a_result_comes_to_its_end() -> None:
    """dateutil itself would look until the year 9999."""
    began = time.thread_time()

    assert list(occurrences("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", dt.datetime(2027, 1, 1))) == []
    assert time.thread_time() - began < 20


@pytest.mark.parametrize("year", [1, 1899, 2200, 9998])
def test_events_of_other_centuries_are_refused(year: int) -> None:
    """What repeats is looked for from its beginning on."""
    with pytest.raises(HomeError):
        event(dt.date(year, 1, 1), dt.date(year, 1, 2))


def test_an_event_that_never_ends_is_refused() -> None:
    """Its occurrences would end after the end of time."""
    with pytest.raises(HomeError):
        event(day("2027-01-01"), day("9999-12-31"), rrule="FREQ=DAILY")


RULES = [
    None, "FREQ=DAILY", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "FREQ=WEEKLY;UNTIL=20270301T000000Z",
    "FREQ=YEARLY;BYEASTER=1", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU", "FREQ=YEARLY;BYWEEKNO=53", "FREQ=DAILY;COUNT=5",
]  # fmt: skip
MOMENTS = [day("2027-01-01"), day("2199-12-31"), day("1900-01-01"), at("2027-03-28T02:30"), at("2027-01-01T10:00")]
STAMPS = [None, "20270101", "20270102", "20270101T100000", "21991231", "19000101", "x"]
CHANGE = st.tuples(
    st.sampled_from(["add", "update", "delete"]), st.sampled_from(RULES), st.sampled_from(MOMENTS),
    st.sampled_from(STAMPS), st.booleans(),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(CHANGE, max_size=6))
def test_whatever_is_changed_the_calendar_can_be_read(
    changes: list[tuple[str, str | None, dt.date, str | None, bool]],
) -> None:
    """Changes that cannot be are refused; what is left has occurrences or none, and nothing raises."""
    events: _events.Events = ()
    for what, rule, start, stamp, and_future in changes:
        new = event(start, start + dt.timedelta(days=1), **({} if rule is None else {"rrule": rule}))
        try:
            if what == "add":
                events = added(events, new)
            elif what == "update":
                events = updated(events, "u", new, stamp, and_future)
            else:
                events = deleted(events, "u", stamp, and_future)
        except HomeError:
            continue
    starts(events)
    now_or_next(events, at("2027-01-15T00:00"), BERLIN)
