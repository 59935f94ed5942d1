"""What a table of the sun answers, against the recording and against skyfield."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marge.solar import KINDS, Place, SunTable, ephemeris
from marge.solar.table import FAR_S, FORMAT
from marge.util.dt import parse_iso
from tests.solar.tables import position_by_skyfield, solar_event, table_for, table_of_day

PLACE = Place(40.39, -111.85, 1387.0)
TROMSO = Place(69.65, 18.96, 0.0)
POLE = Place(90.0, 0.0, 0.0)


def epoch(text):
    moment = parse_iso(text)
    assert moment is not None
    return moment.timestamp()


RECORDED = {
    "dawn": "2026-11-21T13:43:54.835061+00:00",
    "dusk": "2026-11-21T00:42:54.117394+00:00",
    "midnight": "2026-11-21T07:13:19+00:00",
    "noon": "2026-11-20T19:12:52+00:00",
    "sunrise": "2026-11-21T14:15:32.313254+00:00",
    "sunset": "2026-11-21T00:11:21.275466+00:00",
}
AT = epoch("2026-11-20T16:54:03+00:00")


def event_after(kind, after, *place):
    found = solar_event(kind, after, *place)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_events_are_as_recorded(kind):
    """Rising, setting, dawn and dusk agree with the recorded `sun.sun` to 3 s; noon and midnight to 15 s, since there
    the recording rounds more coarsely than the ephemeris."""
    found = event_after(kind, AT, *PLACE)
    assert abs(found - epoch(RECORDED[kind])) < (15 if kind in ("noon", "midnight") else 3)


def test_the_position_is_as_recorded():
    """Altitude (with refraction) and azimuth to a hundredth of a degree."""
    assert table_for(AT, PLACE).position(AT) == pytest.approx((21.71, 144.75), abs=0.02)


def test_the_next_event_is_after():
    """Strictly after: asked at an event's own time, the next day's comes."""
    first = event_after("sunrise", AT, *PLACE)
    second = event_after("sunrise", first, *PLACE)
    assert 86_000 < second - first < 86_800


def test_polar_night_has_no_sunrise_for_weeks():
    """In Tromsø the sun sets in late November and rises again in mid January; the flag of the search is heeded."""
    december = epoch("2026-12-10T12:00:00+00:00")
    rising = event_after("sunrise", december, *TROMSO)
    assert epoch("2027-01-10T00:00:00+00:00") < rising < epoch("2027-01-20T00:00:00+00:00")
    assert event_after("noon", december, *TROMSO) - december < 86_400


def test_the_poles_and_other_centuries_have_answers():
    """None where nothing happens within a year or the ephemeris ends, and no error."""
    assert solar_event("dawn", AT, *POLE) is None or event_after("dawn", AT, *POLE) > AT
    assert event_after("noon", AT, *POLE) > AT
    for other in (4e9, -4e9, 253_402_300_799.0):
        assert [solar_event(kind, other, *PLACE) for kind in KINDS] == [None] * 6
        assert table_for(other, PLACE).position(other) is None
    assert solar_event("sunrise", 2_643_000_000.0, *PLACE) is not None  # some days before the ephemeris ends
    assert solar_event("sunrise", 2_643_321_600.0, *PLACE) is None


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(KINDS), st.floats(1.6e9, 2.4e9), st.floats(-89, 89), st.floats(-180, 180), st.floats(0, 4000))
def test_any_place_and_time_has_a_later_event(kind, after, latitude, longitude, elevation):
    """Everywhere but at the poles each event comes again within a year."""
    found = solar_event(kind, after, latitude, longitude, elevation)
    assert found is not None and after < found < after + 375 * 86_400


HOT, EDGE, SOUTH = Place(0.0, 100.0, 0.0), Place(23.4, 179.99, 4000.0), Place(-54.0, -180.0, 0.0)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from((PLACE, TROMSO, POLE, HOT, EDGE, SOUTH)),
    st.floats(-40 * 86_400, 779 * 86_400),
)
def test_positions_are_skyfield_s(place, seconds):
    """Between the days of the table the sun stands where skyfield sees it, to a few ten-thousandths of a degree."""
    at = AT + seconds
    seen = table_for(AT, place).position(at)
    assert seen is not None
    altitude, azimuth = position_by_skyfield(at, place)
    # Refraction begins at one degree below the horizon, with a jump: there both may be on different sides of it.
    assume(abs(altitude + 1.0) > 0.001 and abs(altitude + 0.5) > 0.15)
    assert seen[0] == pytest.approx(altitude, abs=5e-4)
    turned = (seen[1] - azimuth + 180) % 360 - 180
    assert abs(turned) * math.cos(math.radians(altitude)) < 5e-4


def test_a_table_of_two_years_has_what_a_search_for_a_day_finds():
    """The long search loses no event and moves none."""
    table = table_for(AT, TROMSO)
    for kind in KINDS:
        for day in range(0, 700, 97):
            start = AT // 86_400 * 86_400 + day * 86_400
            alone = ephemeris._search(kind, start, start + 86_400, TROMSO)
            found = table.next_event(kind, start)
            assert [found] == alone if alone else found is None or found >= start + 86_400


def test_it_says_which_moments_it_covers():
    """A question about a moment needs a year behind it; a month before that is over the next table is due."""
    table = table_for(AT, PLACE)
    assert not table.covers(table.start - 1) and table.covers(table.start)
    assert table.covers(table.end - FAR_S) and not table.covers(table.end - FAR_S + 1)
    assert not table.is_short(AT + 370 * 86_400) and table.is_short(table.end - FAR_S)


@given(st.floats(-1e12, 1e12))
def test_any_moment_can_be_shifted_into_it(at):
    """By whole days, to the same time of the year."""
    table = table_of_day(20_777, PLACE)
    shift = table.shift_for(at)
    assert table.covers(at + shift) and shift % 86_400 == 0


def test_a_shifted_sunset_is_minutes_off_at_most():
    """What the table says of the same day of another year."""
    table = table_for(AT, PLACE)
    for years in (-30, -3, 5, 20):
        other = AT + years * 365.2425 * 86_400
        shift = table.shift_for(other)
        nearly = table.next_event("sunset", other + shift)
        assert nearly is not None
        assert nearly - shift == pytest.approx(event_after("sunset", other, *PLACE), abs=180)


BROKEN: dict[str, Any] = {
    "nothing": None, "a list": [], "another format": {"format": FORMAT + 1}, "no places": {"format": FORMAT},
}  # fmt: skip


@pytest.mark.parametrize("document", BROKEN.values(), ids=BROKEN)
def test_a_document_that_is_no_table_is_refused(document):
    """With one kind of error, whatever it is."""
    with pytest.raises(ValueError, match="it"):
        SunTable.of_document(document)


def test_a_document_out_of_order_is_refused():
    """A search in it would give nonsense."""
    document = ephemeris.make(AT, PLACE)
    events = {**document["events"], "noon": document["events"]["noon"][::-1]}
    with pytest.raises(ValueError, match="no table of the sun"):
        SunTable.of_document({**document, "events": events})
    with pytest.raises(ValueError, match="no table of the sun"):
        SunTable.of_document({**document, "below": []})
