"""Backups: list, make, delete, put back, and how automatic ones are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import voluptuous as vol

from marge.domains.backup import AGENT, DAYS, SHARED, Backups, PasswordIncorrect
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_BACKUP: dict[Any, Any] = {vol.Required("backup_id"): str}
_OF_AGENT: dict[Any, Any] = {**_BACKUP, vol.Required("agent_id"): str, vol.Optional("password"): vol.Any(str, None)}
_ADDONS = vol.Any([str], None)
_FOLDERS = vol.Any([vol.In(("ssl", "addons/local", "share", "media"))], None)
_AT_LEAST_ONE = vol.Any(vol.All(int, vol.Range(min=1)), None)


def _time(value: Any) -> str | None:
    """A time of day as ISO text."""
    if value is None:
        return None
    try:
        return dt.time.fromisoformat(str(value)).isoformat()
    except ValueError as exc:
        raise vol.Invalid(f"Invalid time specified: {value}") from exc


def _backups(session: Session) -> Backups:
    backups: Backups = session.home.shared[SHARED]
    return backups


@command("backup/info", admin=True, waits=True)
def info(session: Session, message: dict[str, Any]) -> None:
    """All backups, and what is going on."""
    backups = _backups(session)
    shown = {
        "agent_errors": {}, "backups": backups.all(), **backups.attempts(),
        "last_action_event": backups.progress.last_event, **backups.schedule(), "state": backups.state,
    }  # fmt: skip
    session.result(message["id"], shown)


@command("backup/agents/info", admin=True)
def agents(session: Session, message: dict[str, Any]) -> None:
    """Where backups are kept: in one folder of this machine."""
    session.result(message["id"], {"agents": [{"agent_id": AGENT, "name": "local"}]})


@command("backup/config/info", admin=True)
def config(session: Session, message: dict[str, Any]) -> None:
    """How automatic backups are made."""
    session.result(message["id"], {"config": _backups(session).config})


@command(
    "backup/config/update",
    {
        vol.Optional("agents"): {str: {vol.Required("protected"): bool}},
        vol.Optional("automatic_backups_configured"): bool,
        vol.Optional("create_backup"): {
            vol.Optional("agent_ids"): [str],
            vol.Optional("include_addons"): _ADDONS,
            vol.Optional("include_all_addons"): bool,
            vol.Optional("include_database"): bool,
            vol.Optional("include_folders"): _FOLDERS,
            vol.Optional("name"): vol.Any(str, None),
            vol.Optional("password"): vol.Any(str, None),
        },
        vol.Optional("retention"): vol.Any(
            {vol.Optional("copies"): _AT_LEAST_ONE, vol.Optional("days"): _AT_LEAST_ONE}, None
        ),
        vol.Optional("schedule"): {
            vol.Optional("days"): [vol.In(DAYS)],
            vol.Optional("recurrence"): vol.In(("never", "daily", "custom_days")),
            vol.Optional("time"): _time,
        },
    },
    admin=True,
    waits=True,
)
def update_config(session: Session, message: dict[str, Any]) -> None:
    """Change that."""
    changes = {key: value for key, value in message.items() if key not in ("id", "type")}
    _backups(session).update_config(**changes)
    session.result(message["id"])


@command("backup/subscribe_events", admin=True)
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """Each step of making a backup; the present state at once."""
    backups, message_id = _backups(session), message["id"]
    session.subscribe(message_id, backups.progress.listen(lambda event: session.event(message_id, event)))
    session.result(message_id)


@command("backup/details", _BACKUP, admin=True, waits=True)
def details(session: Session, message: dict[str, Any]) -> None:
    """One backup; null: there is none."""
    found = _backups(session).get(message["backup_id"])
    session.result(message["id"], {"agent_errors": {}, "backup": found})


@command("backup/delete", _BACKUP, admin=True, waits=True)
def delete(session: Session, message: dict[str, Any]) -> None:
    """Forget a backup."""
    _backups(session).delete(message["backup_id"])
    session.result(message["id"], {"agent_errors": {}})


@command(
    "backup/generate",
    {
        vol.Required("agent_ids"): [str],
        vol.Optional("include_addons"): _ADDONS,
        vol.Optional("include_all_addons", default=False): bool,
        vol.Optional("include_database", default=True): bool,
        vol.Optional("include_folders"): _FOLDERS,
        vol.Optional("include_homeassistant", default=True): bool,
        vol.Optional("name"): vol.Any(str, None),
        vol.Optional("password"): vol.Any(str, None),
    },
    admin=True,
)
def generate(session: Session, message: dict[str, Any]) -> None:
    """Begin to make a backup."""
    wanted = {key: value for key, value in message.items() if key not in ("id", "type")}
    backup_id, _running = _backups(session).create(**wanted)
    session.result(message["id"], {"backup_job_id": backup_id})


@command("backup/generate_with_automatic_settings", admin=True, waits=True)
def generate_automatic(session: Session, message: dict[str, Any]) -> None:
    """The same with the settings for automatic ones."""
    backup_id, _running = _backups(session).create_automatic()
    session.result(message["id"], {"backup_job_id": backup_id})


@command("backup/can_decrypt_on_download", _OF_AGENT, admin=True, waits=True)
def can_decrypt(session: Session, message: dict[str, Any]) -> None:
    """Whether a backup opens with a password."""
    with _saying_incorrect():
        _backups(session).check_password(message["backup_id"], message["agent_id"], message.get("password"))
    session.result(message["id"])


@command(
    "backup/restore",
    {
        **_OF_AGENT,
        vol.Optional("restore_addons"): [str],
        vol.Optional("restore_database", default=True): bool,
        vol.Optional("restore_folders"): _FOLDERS,
        vol.Optional("restore_homeassistant", default=True): bool,
    },
    admin=True,
    waits=True,
)
def restore(session: Session, message: dict[str, Any]) -> None:
    """Check a backup whole, and restart into it."""
    wanted = {key: value for key, value in message.items() if key not in ("id", "type")}
    with _saying_incorrect():
        _backups(session).restore(**wanted)
    session.result(message["id"])


@contextmanager
def _saying_incorrect() -> Iterator[None]:
    try:
        yield
    except PasswordIncorrect as exc:
        raise CommandError("password_incorrect", "Incorrect password") from exc
