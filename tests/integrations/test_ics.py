"""Calendar files: what is read of them, and that no file does harm."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marge.domains.calendar import shown as as_text
from marge.errors import InvalidRequest
from marge.integrations._events import between
from marge.integrations._ics import parse
from tests.support.home import home_server

BERLIN = ZoneInfo("Europe/Berlin")
FILE = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:one
SUMMARY:Dentist\\, upstairs
DESCRIPTION:Bring\\nthe
  card
DTSTART;TZID=America/New_York:20270104T100000
DURATION:PT1H30M
BEGIN:VALARM
DTSTART:20200101T000000
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:two
SUMMARY:Holiday
DTSTART;VALUE=DATE:20270105
RRULE:FREQ=DAILY;COUNT=4
EXDATE;VALUE=DATE:20270106
END:VEVENT
BEGIN:VEVENT
UID:two
RECURRENCE-ID;VALUE=DATE:20270107
SUMMARY:Moved
DTSTART;VALUE=DATE:20270120
END:VEVENT
BEGIN:VEVENT
UID:two
RECURRENCE-ID;VALUE=DATE:20270108
STATUS:CANCELLED
DTSTART;VALUE=DATE:20270108
END:VEVENT
BEGIN:VEVENT
UID:bad
SUMMARY:No start
END:VEVENT
BEGIN:VEVENT
UID:three
SUMMARY:Call
DTSTART:20270104T080000Z
DTEND:20270104T083000Z
END:VEVENT
END:VCALENDAR
"""


def shown(text: str) -> list[tuple[str, str]]:
    events = parse(text, BERLIN).events
    first, last = (dt.datetime(year, 1, 1, tzinfo=BERLIN) for year in (2027, 2028))
    return [(each.summary, as_text(each.start, BERLIN)) for each in between(events, first, last, BERLIN)]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_events_are_read_with_zone_repetition_and_changes(newline: str) -> None:
    """What has no start is left out and counted."""
    text = FILE.replace("\n", newline)

    assert shown(text) == [
        ("Call", "2027-01-04T09:00:00+01:00"),
        ("Dentist, upstairs", "2027-01-04T16:00:00+01:00"),
        ("Holiday", "2027-01-05"),
        ("Moved", "2027-01-20"),
    ]
    assert parse(text, BERLIN).skipped == 1
    assert parse(text, BERLIN).events[0].description == "Bring\nthe card"


def test_what_is_no_calendar_is_refused() -> None:
    """A picture, an empty file."""
    for text in ("", "hello", "BEGIN:VCARD"):
        with pytest.raises(InvalidRequest):
            parse(text, BERLIN)


@given(st.lists(st.sampled_from([*FILE.splitlines(), "x", "DTSTART:99999999T999999Z", "RRULE:x", "DTEND:00010101"])))
def test_no_file_raises_anything_but_its_own_error(lines: list[str]) -> None:
    """Lines in any order."""
    parse("BEGIN:VCALENDAR\n" + "\n".join(lines), BERLIN)


def test_a_calendar_is_made_from_a_file() -> None:
    """Through the form; a file that is none is asked for again."""
    with home_server("homeassistant: {name: T, latitude: 50, longitude: 8, time_zone: Europe/Berlin}") as server:
        flow = server.rest("POST", "/api/config/config_entries/flow", {"handler": "local_calendar"}).json()
        path = f"/api/config/config_entries/flow/{flow['flow_id']}"
        step = server.rest("POST", path, {"calendar_name": "Old", "import": "import_ics_file"}).json()
        assert step["step_id"] == "import_ics_file"
        assert step["data_schema"][0]["selector"] == {"file": {"accept": ".ics"}}

        def upload(content: bytes) -> str:
            reply = server.rest("POST", "/api/file_upload", files={"file": ("a.ics", content, "text/calendar")})
            return str(reply.json()["file_id"])

        for file_id in ("nope", upload(b"hello")):
            assert server.rest("POST", path, {"ics_file": file_id}).json()["errors"] == {"ics_file": "invalid_ics_file"}
        made = server.rest("POST", path, {"ics_file": upload(FILE.encode())}).json()
        assert (made["type"], made["title"]) == ("create_entry", "Old")
        found = server.rest("GET", "/api/calendars/calendar.old?start=2027-01-01&end=2028-01-01").json()
        assert [each["summary"] for each in found] == ["Call", "Dentist, upstairs", "Holiday", "Moved"]
