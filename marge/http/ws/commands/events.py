"""Commands about events: subscribe, end any subscription, fire."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import HomeError, Unauthorized
from marge.http.rest.events import MAX_TYPE_LENGTH, publish_from_client
from marge.http.ws import errors
from marge.http.ws.frames import fanouts, shared_frames
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import MATCH_ALL, STATE_CHANGED, Event

FOR_EVERYBODY = frozenset(
    {
        STATE_CHANGED, "area_registry_updated", "category_registry_updated", "component_loaded",
        "core_config_updated", "device_registry_updated", "entity_registry_updated", "floor_registry_updated",
        "label_registry_updated", "lovelace_updated", "panels_updated", "persistent_notifications_updated",
        "recorder_5min_statistics_generated", "recorder_hourly_statistics_generated", "service_registered",
        "service_removed", "shopping_list_updated", "themes_updated",
    }
)
"""Event types that a user who is no administrator may hear."""


@command("subscribe_events", {vol.Optional("event_type", default=MATCH_ALL): str})
def subscribe_events(session: Session, message: dict[str, Any]) -> None:
    """Hear all events of a type, or all."""
    event_type, message_id = message["event_type"], message["id"]
    if event_type not in FOR_EVERYBODY and not session.user.is_admin:
        raise Unauthorized("Unauthorized")
    if event_type == STATE_CHANGED and not session.user.may_read:
        raise Unauthorized("Unauthorized")
    if event_type == "state_reported":
        raise HomeError(f"Event filter is required for event {event_type}")
    frames = shared_frames(session.home, "event_frames", lambda event: event.json)
    leave = fanouts(session.home).join(session, frames, message_id, event_type, foreign=True)
    session.subscribe(message_id, leave)
    session.result(message_id)


@command("unsubscribe_events", {vol.Required("subscription"): int})
def unsubscribe_events(session: Session, message: dict[str, Any]) -> None:
    """End a subscription of any kind."""
    if session.unsubscribe(message["subscription"]):
        session.result(message["id"])
    else:
        session.error(message["id"], errors.NOT_FOUND, "Subscription not found.")


@command("fire_event", {vol.Required("event_type"): str, vol.Optional("event_data"): dict}, admin=True)
def fire_event(session: Session, message: dict[str, Any]) -> None:
    """Fire an event."""
    if len(message["event_type"]) > MAX_TYPE_LENGTH:
        raise errors.InvalidMessage(f"Event types have at most {MAX_TYPE_LENGTH} characters.")
    context = session.context()
    home = session.home
    publish_from_client(home, Event(message["event_type"], message.get("event_data") or {}, context, home.clock.now()))
    session.result(message["id"], {"context": context.as_dict()})
