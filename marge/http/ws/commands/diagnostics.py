"""Diagnostics: which integrations can tell what is wrong with them. The files come over REST."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations.host import host_of


def _loaded(session: Session) -> list[str]:
    entries = session.home.registries.config_entries
    integrations = host_of(session.home).integrations
    return [
        domain
        for domain, integration in integrations.items()
        if integration.diagnostics is not None and entries.for_domain(domain)
    ]


def _with_devices(session: Session) -> set[str]:
    """The entries that have devices."""
    return {entry_id for device in session.home.registries.devices.all() for entry_id in device.config_entries}


def _describe(session: Session, domain: str, with_devices: set[str]) -> dict[str, Any]:
    entries = session.home.registries.config_entries.for_domain(domain)
    has_devices = any(entry.entry_id in with_devices for entry in entries)
    return {"domain": domain, "handlers": {"config_entry": True, "device": has_devices}}


@command("diagnostics/list", admin=True)
def list_handlers(session: Session, message: dict[str, Any]) -> None:
    """All that have diagnostics."""
    with_devices = _with_devices(session)
    session.result(message["id"], [_describe(session, domain, with_devices) for domain in _loaded(session)])


@command("diagnostics/get", {vol.Required("domain"): str}, admin=True)
def get_handler(session: Session, message: dict[str, Any]) -> None:
    """Whether one has."""
    if message["domain"] not in _loaded(session):
        raise NotFound("Domain not supported")
    session.result(message["id"], _describe(session, message["domain"], _with_devices(session)))
