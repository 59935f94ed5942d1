"""Commands of the server itself: ping, features, states, settings, services."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.http.rest.status import describe_config
from marge.http.turns import all_states
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import dumps


@command("ping")
def ping(session: Session, message: dict[str, Any]) -> None:
    """Are you there?"""
    session.send(b'{"id":%d,"type":"pong"}' % message["id"])


@command("supported_features", {vol.Required("features"): {str: int}})
def supported_features(session: Session, message: dict[str, Any]) -> None:
    """What the client can take; `coalesce_messages` is what matters."""
    session.result(message["id"])
    session.features = message["features"]


@command("get_states", waits=True)
def get_states(session: Session, message: dict[str, Any]) -> None:
    """All states, as they are when the answer is queued: events that come before it are in it."""
    if not session.user.may_read:
        session.result(message["id"], [])
        return
    with all_states(session.home) as items:
        session.result_list(message["id"], items)


@command("get_config")
def get_config(session: Session, message: dict[str, Any]) -> None:
    """The home's settings."""
    session.result(message["id"], describe_config(session.home))


@command("get_services")
def get_services(session: Session, message: dict[str, Any]) -> None:
    """All services, by domain."""
    described = session.home.services.describe()
    session.result_json(message["id"], dumps({domain: described[domain] for domain in sorted(described)}))
