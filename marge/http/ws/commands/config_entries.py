"""Config entries: list, follow, rename, disable; flows in progress. Changes are for administrators."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import NotFound
from marge.http.rest.config_entries import entries_of_kind
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.integrations.flow import USER, flows_of
from marge.integrations.host import host_of
from marge.registries import ConfigEntry

_ENTRY = {vol.Required("entry_id"): str}


def _kinds(message: dict[str, Any]) -> list[str]:
    kinds = message.get("type_filter") or []
    return [kinds] if isinstance(kinds, str) else kinds


def _need(session: Session, entry_id: str) -> ConfigEntry:
    entry = session.home.registries.config_entries.get(entry_id)
    if entry is None:
        raise NotFound("Config entry not found")
    return entry


@command("config_entries/get", {vol.Optional("type_filter"): vol.Any([str], str), vol.Optional("domain"): str})
def get_entries(session: Session, message: dict[str, Any]) -> None:
    """The entries, of some kinds of integrations or of one domain only."""
    found = entries_of_kind(session.home, _kinds(message), message.get("domain"))
    session.result(message["id"], [entry.as_dict() for entry in found])


@command("config_entries/get_single", _ENTRY, admin=True)
def get_single(session: Session, message: dict[str, Any]) -> None:
    """One entry."""
    session.result(message["id"], {"config_entry": _need(session, message["entry_id"]).as_dict()})


@command("config_entries/subscribe", {vol.Optional("type_filter"): [str]})
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """The entries now, then each change."""
    kinds, message_id = _kinds(message), message["id"]
    integrations = host_of(session.home).integrations

    def changed(change: str, entry: ConfigEntry) -> None:
        if kinds:
            integration = integrations.get(entry.domain)
            if integration is None or integration.kind not in kinds:
                return
        session.event(message_id, [{"type": change, "entry": entry.as_dict()}])

    session.subscribe(message_id, session.home.registries.config_entries.listen(changed))
    session.result(message_id)
    present = entries_of_kind(session.home, kinds, None)
    session.event(message_id, [{"type": None, "entry": entry.as_dict()} for entry in present])


@command(
    "config_entries/update",
    {
        **_ENTRY,
        vol.Optional("title"): str,
        vol.Optional("pref_disable_new_entities"): bool,
        vol.Optional("pref_disable_polling"): bool,
    },
    admin=True,
    waits=True,
)
def update(session: Session, message: dict[str, Any]) -> None:
    """Rename an entry or change its preferences."""
    before = _need(session, message["entry_id"])
    changes = {name: value for name, value in message.items() if name not in ("id", "type", "entry_id")}
    entries = session.home.registries.config_entries
    entry = entries.update(before.entry_id, **changes)
    needs_restart = False
    if before.pref_disable_polling != entry.pref_disable_polling and entry.state == "loaded":
        needs_restart = not host_of(session.home).reload(entry.entry_id)
        entry = entries.get(entry.entry_id) or entry
    session.result(message["id"], {"config_entry": entry.as_dict(), "require_restart": needs_restart})


@command(
    "config_entries/disable", {**_ENTRY, vol.Required("disabled_by"): vol.Any(None, "user")}, admin=True, waits=True
)
def disable(session: Session, message: dict[str, Any]) -> None:
    """Disable an entry with what it has, or enable it again."""
    _need(session, message["entry_id"])
    done = host_of(session.home).set_disabled(message["entry_id"], message["disabled_by"])
    session.result(message["id"], {"require_restart": not done})


@command("config_entries/flow/progress", admin=True)
def progress(session: Session, message: dict[str, Any]) -> None:
    """Flows that something else than a person started, and that wait for one."""
    waiting = [flow for flow in flows_of(session.home).config.in_progress() if flow.source != USER]
    session.result(
        message["id"],
        [
            {
                "flow_id": flow.flow_id, "handler": flow.handler, "context": {"source": flow.source, **flow.context},
                "step_id": None if flow.shown is None else flow.shown.step_id,
            }
            for flow in waiting
        ],
    )  # fmt: skip


@command("config_entries/ignore_flow", {vol.Required("flow_id"): str, vol.Required("title"): str}, admin=True)
def ignore_flow(session: Session, message: dict[str, Any]) -> None:
    """What was discovered is not wanted: it is not offered again."""
    try:
        flow = flows_of(session.home).config.get(message["flow_id"])
    except NotFound:
        raise NotFound("Config entry not found") from None
    if flow.unique_id is None:
        raise CommandError("no_unique_id", "Specified flow has no unique ID.")
    session.home.registries.config_entries.create(flow.domain, message["title"], "ignore", flow.unique_id)
    flows_of(session.home).config.abort(flow.flow_id)
    session.result(message["id"])


@command("config_entries/subentries/list", _ENTRY, admin=True)
def subentries(session: Session, message: dict[str, Any]) -> None:
    """The parts that an entry is divided into: no integration here has any."""
    _need(session, message["entry_id"])
    session.result(message["id"], [])


@command("config_entries/subentries/delete", {**_ENTRY, vol.Required("subentry_id"): str}, admin=True)
def delete_subentry(session: Session, message: dict[str, Any]) -> None:
    """Remove a part of an entry."""
    _need(session, message["entry_id"])
    raise NotFound("Config subentry not found")
