"""Commands that change the events of calendars. Reading them is REST: `marge/http/rest/calendars.py`."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._calendar_schema import EVENT
from marge.domains._validators import entity_id, string
from marge.domains.calendar import CREATE, DELETE, UPDATE, CalendarEntity
from marge.errors import HomeError
from marge.http.rest.permissions import check_may_control
from marge.http.ws import errors
from marge.http.ws.asking import ask_entity, owned
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_THIS_AND_FUTURE = "THISANDFUTURE"


def _none_when_empty(value: str) -> str | None:
    return value or None


_CALENDAR: dict[Any, Any] = {vol.Required("entity_id"): entity_id}
_WHICH: dict[Any, Any] = {
    **_CALENDAR,
    vol.Required("uid"): string,
    vol.Optional("recurrence_id"): vol.Any(vol.All(string, _none_when_empty), None),
    vol.Optional("recurrence_range"): vol.Any(
        vol.All(string, _none_when_empty, vol.Any(None, vol.In((_THIS_AND_FUTURE,)))), None
    ),
}


@command("calendar/event/create", {**_CALENDAR, vol.Required("event"): EVENT}, waits=True)
def create(session: Session, message: dict[str, Any]) -> None:
    """Add an event."""
    _change(session, message, CREATE, "creation", "handle_event_create", event=message["event"])


@command("calendar/event/update", {**_WHICH, vol.Required("event"): EVENT}, waits=True)
def update(session: Session, message: dict[str, Any]) -> None:
    """Replace an event, one occurrence of it, or one and all that follow."""
    _change(
        session, message, UPDATE, "update", "handle_event_update", event=message["event"], **_which(message)
    )


@command("calendar/event/delete", _WHICH, waits=True)
def delete(session: Session, message: dict[str, Any]) -> None:
    """Delete an event, one occurrence of it, or one and all that follow."""
    _change(session, message, DELETE, "deletion", "handle_event_delete", **_which(message))


def _which(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "uid": message["uid"],
        "recurrence_id": message.get("recurrence_id"),
        "recurrence_range": message.get("recurrence_range"),
    }


def _change(
    session: Session, message: dict[str, Any], feature: int, called: str, method: str, **data: Any
) -> None:
    check_may_control(session.user)
    calendar = owned(session, CalendarEntity, message["entity_id"])
    if calendar is None:
        raise errors.CommandError(errors.NOT_FOUND, "Entity not found")
    if not (calendar.supported_features or 0) & feature:
        raise errors.CommandError("not_supported", f"Calendar does not support event {called}")
    try:
        ask_entity(session, message["entity_id"], method, **data)
    except HomeError as exc:
        raise errors.CommandError("failed", str(exc)) from exc
    session.result(message["id"])
