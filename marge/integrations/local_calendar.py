"""Calendars that Marge keeps itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pykka
import structlog

from marge.actors import CLOCK_SET, native
from marge.domains.calendar import CREATE, DELETE, UPDATE, CalendarEntity, CalendarEvent, answered, not_found
from marge.entities import Report
from marge.errors import InvalidRequest, NotFound
from marge.integrations import _events, _ics
from marge.integrations.base import Integration
from marge.integrations.flow import AbortFlow, CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Field, Form, file, select, string
from marge.integrations.host import add_entity, on_unload
from marge.util.slug import slugify

if TYPE_CHECKING:
    from pathlib import Path

    from marge.home import Home
    from marge.model import Event
    from marge.registries import ConfigEntry

log = structlog.get_logger("marge.integrations")

_REPORT_TIMEOUT_S = 10.0
_IMPORTED = "local_calendar_import"
"""Prefix of what was read from a file, until the calendar is there that takes it."""
_CREATE_EMPTY, _IMPORT = "create_empty", "import_ics_file"
_FORM = Form(
    [
        Field("calendar_name", string(), required=True),
        Field("import", select([_CREATE_EMPTY, _IMPORT], translation_key="import"), default=_CREATE_EMPTY),
    ]
)


_IMPORT_FORM = Form([Field("ics_file", file(".ics"), required=True)])


class CalendarFlow(Flow):
    """Asks for a name, and for a file with events if there is one."""

    _name = ""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        if user_input is None:
            return ShowForm("user", _FORM)
        self._name = name = user_input["calendar_name"]
        key = slugify(name)
        for entry in self.home.registries.config_entries.for_domain(self.domain):
            if entry.data.get("storage_key") == key:
                raise AbortFlow("already_configured")
        if user_input["import"] == _IMPORT:
            return ShowForm(_IMPORT, _IMPORT_FORM, errors={})
        return self._created(_CREATE_EMPTY)

    def step_import_ics_file(self, user_input: dict[str, Any] | None) -> Step:
        if user_input is None:
            return ShowForm(_IMPORT, _IMPORT_FORM, errors={})
        uploads = self.home.shared.get("file_upload")
        try:
            if uploads is None:
                raise NotFound("File not found")
            path = uploads.path(user_input["ics_file"])
            text, zones = native.run(_read_ics, path)
            for name in zones:
                _events.zone_named(name)
            imported = native.run(_ics.parse, text, self.home.config.time_zone)
            uploads.delete(user_input["ics_file"])
        except (NotFound, InvalidRequest, OSError) as exc:
            log.warning("a calendar file cannot be read", calendar=self._name, problem=str(exc))
            return ShowForm(_IMPORT, _IMPORT_FORM, errors={"ics_file": "invalid_ics_file"})
        if imported.skipped:
            log.warning("events of a calendar file are left out", calendar=self._name, events=imported.skipped)
        key = slugify(self._name)
        self.home.storage.save(f"{_IMPORTED}/{key}", [each.as_dict() for each in imported.events])
        return self._created(_IMPORT)

    def _created(self, how: str) -> Step:
        key = slugify(self._name)
        return CreateEntry(self._name, {"calendar_name": self._name, "storage_key": key, "import": how})


def _read_ics(path: Path) -> tuple[str, list[str]]:
    text = path.read_text("utf-8", "replace")
    return text, _ics.zones(text)


class LocalCalendar(CalendarEntity):
    """One calendar.

    Attributes:
        events: what it keeps; replaced, never changed.
    """

    supported_features = CREATE | DELETE | UPDATE

    def __init__(self, home: Home, key: str, name: str, events: _events.Events) -> None:
        super().__init__(home)
        self.name = name
        self.events = events
        self._key = key

    def events_between(self, start: dt.datetime, end: dt.datetime) -> list[CalendarEvent]:
        events, zone = self.events, self.home.config.time_zone
        found: list[CalendarEvent] = native.run(_events.between, events, start, end, zone)
        return found

    def create_event(self, event: Mapping[str, Any]) -> Any:
        return self._keep(_events.added(self.events, _events.made(event, self.home.config.time_zone)))

    def update_event(
        self, uid: str, event: Mapping[str, Any], recurrence_id: str | None, recurrence_range: str | None
    ) -> Any:
        new = _events.made(event, self.home.config.time_zone)
        return self._change(
            "updating", uid, recurrence_id,
            lambda: _events.updated(self.events, uid, new, recurrence_id, recurrence_range is not None),
        )  # fmt: skip

    def delete_event(self, uid: str, recurrence_id: str | None, recurrence_range: str | None) -> Any:
        return self._change(
            "deleting", uid, recurrence_id,
            lambda: _events.deleted(self.events, uid, recurrence_id, recurrence_range is not None),
        )  # fmt: skip

    def event_over(self) -> None:
        answered(self.refresh)

    def refresh(self) -> None:
        """Find the event that runs or comes next, and show it. Waits: not in the actor's turn."""
        events, now = self.events, self.now()
        found = native.run(_events.now_or_next, events, now, self.home.config.time_zone)
        if events is not self.events:
            return  # whoever changed them looks too
        path = f"{self.home.entities.path}/{self.entity_id}"
        try:
            self.home.system.ask(path, Report({"event": found}), _REPORT_TIMEOUT_S)
        except (NotFound, pykka.ActorDeadError):
            log.debug("a calendar went away while it was read", entity_id=self.entity_id)

    def _change(
        self, doing: str, uid: str, recurrence_id: str | None, change: Callable[[], _events.Events]
    ) -> Any:
        try:
            events = change()
        except _events.NoSuchEvent as exc:
            raise not_found(uid, recurrence_id, doing) from exc
        return self._keep(events)

    def _keep(self, events: _events.Events) -> Any:
        self.home.storage.save_soon({self._key: [each.as_dict() for each in events]})  # first: it may be refused
        self.events = events
        _events.warm(events[-1:])
        return answered(self.refresh)


def _key(entry: ConfigEntry) -> str:
    return f"local_calendar/{entry.entry_id}"


def _setup(home: Home, entry: ConfigEntry) -> None:
    documents = home.storage.load(_key(entry))
    if documents is None and entry.data.get("import") == _IMPORT:
        waiting = f"{_IMPORTED}/{entry.data['storage_key']}"
        documents = home.storage.load(waiting)
        home.storage.save_many({_key(entry): documents, waiting: None})
    events = []
    for document in documents or ():
        try:
            events.append(_events.restored(document))
        except (KeyError, TypeError, ValueError) as exc:
            log.warning("a saved event cannot be read and is left out", calendar=entry.title, problem=str(exc))
    _events.warm(events)
    calendar = LocalCalendar(home, _key(entry), entry.title, tuple(events))
    calendar.event = native.run(
        _events.now_or_next, calendar.events, calendar.now(), home.config.time_zone
    )
    add_entity(home, entry, calendar, entry.entry_id, has_entity_name=True)

    def jumped(_event: Event) -> None:
        answered(calendar.refresh)

    subscription = home.bus.subscribe(jumped, CLOCK_SET)
    on_unload(home, entry, subscription.cancel)


def _removed(home: Home, entry: ConfigEntry) -> None:
    home.storage.save(_key(entry), None)


INTEGRATION = Integration(
    "local_calendar", "Local Calendar", setup=_setup, removed=_removed, flow=CalendarFlow, kind="service",
    iot_class="local_polling",
)  # fmt: skip
