"""What the log has gathered, and how much it says."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains.logger import level_word, levels_of, logger_of
from marge.errors import NotFound
from marge.http.manifests import manifests
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.log import get_level
from marge.log_ring import ring_in_use

_PERSISTENCE = vol.In(("none", "once", "permanent"))


@command("system_log/list", admin=True)
def list_problems(session: Session, message: dict[str, Any]) -> None:
    """The kinds of warnings and errors since the start, the latest first."""
    ring = ring_in_use()
    session.result(message["id"], [] if ring is None else ring.problems())


@command("logger/log_info", admin=True)
def log_info(session: Session, message: dict[str, Any]) -> None:
    """The level of each loaded integration, as a number of Python's logging."""
    loaded = manifests(session.home)
    session.result(message["id"], [{"domain": domain, "level": get_level(logger_of(domain))} for domain in loaded])


@command(
    "logger/integration_log_level",
    {
        vol.Required("integration"): str,
        vol.Required("level"): level_word,
        vol.Required("persistence"): _PERSISTENCE,
    },
    admin=True,
    waits=True,
)
def integration_log_level(session: Session, message: dict[str, Any]) -> None:
    """Set an integration's level."""
    if message["integration"] not in manifests(session.home):
        raise NotFound("Integration not found")
    levels_of(session.home).set(logger_of(message["integration"]), message["level"], message["persistence"])
    session.result(message["id"])


@command(
    "logger/log_level",
    {vol.Required("module"): str, vol.Required("level"): level_word, vol.Required("persistence"): _PERSISTENCE},
    admin=True,
    waits=True,
)
def log_level(session: Session, message: dict[str, Any]) -> None:
    """Set a logger's level."""
    levels_of(session.home).set(message["module"], message["level"], message["persistence"])
    session.result(message["id"])
