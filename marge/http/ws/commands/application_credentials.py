"""Credentials for cloud services. No integration here logs in to one, so none can be kept."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_ID = {vol.Required("application_credentials_id"): str}


def _nothing() -> None:
    """There is nothing to end."""


@command("application_credentials/config")
def config(session: Session, message: dict[str, Any]) -> None:
    """The integrations that want credentials."""
    session.result(message["id"], {"domains": [], "integrations": {}})


@command("application_credentials/config_entry", {vol.Required("config_entry_id"): str})
def config_entry(session: Session, message: dict[str, Any]) -> None:
    """The credentials that an entry uses."""
    entry_id = message["config_entry_id"]
    if entry_id not in session.home.registries.config_entries:
        raise CommandError("invalid_config_entry_id", f"Config entry not found: {entry_id}")
    session.result(message["id"], {})


@command("application_credentials/list", admin=True)
def list_credentials(session: Session, message: dict[str, Any]) -> None:
    """All credentials."""
    session.result(message["id"], [])


@command("application_credentials/subscribe", admin=True)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """All credentials, and each change."""
    session.subscribe(message["id"], _nothing)
    session.result(message["id"])
    session.event(message["id"], [])


@command(
    "application_credentials/create",
    {
        vol.Required("domain"): str,
        vol.Required("client_id"): vol.All(str, vol.Strip),
        vol.Required("client_secret"): vol.All(str, vol.Strip),
        vol.Optional("auth_domain"): str,
        vol.Optional("name"): str,
    },
    admin=True,
)
def create(_session: Session, message: dict[str, Any]) -> None:
    """Keep credentials for an integration."""
    raise InvalidRequest(f"No application_credentials platform for {message['domain']}")


@command("application_credentials/update", _ID, admin=True)
def update(_session: Session, message: dict[str, Any]) -> None:
    """Credentials are never changed, only replaced."""
    raise _unknown(message)


@command("application_credentials/delete", _ID, admin=True)
def delete(_session: Session, message: dict[str, Any]) -> None:
    """Forget credentials."""
    raise _unknown(message)


def _unknown(message: dict[str, Any]) -> NotFound:
    wanted = message["application_credentials_id"]
    return NotFound(f"Unable to find application_credentials_id {wanted}")
