"""Dashboards: what stands in them, which there are, and the scripts and styles that they use."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains.lovelace import (
    DASHBOARD_FIELDS,
    DASHBOARD_UPDATE,
    RESOURCE_FIELDS,
    RESOURCE_UPDATE,
    ConfigNotFound,
    Lovelace,
)
from marge.errors import HomeError
from marge.home import Home
from marge.http.ws.collection import collection_commands
from marge.http.ws.errors import UNKNOWN_COMMAND, UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.storage.collection import collections_of

CONFIG_NOT_FOUND = "config_not_found"
_URL_PATH = {vol.Optional("url_path"): vol.Any(str, None)}

COMMANDS = (
    *collection_commands(
        "lovelace/dashboards", DASHBOARD_FIELDS, DASHBOARD_UPDATE, id_name="dashboard_id", leave_out=("list",)
    ),
    *collection_commands(
        "lovelace/resources", RESOURCE_FIELDS, RESOURCE_UPDATE, id_name="resource_id", leave_out=("list",)
    ),
)


def _lovelace(home: Home) -> Lovelace:
    found: Lovelace | None = home.shared.get("lovelace")
    if found is None:
        raise CommandError(UNKNOWN_COMMAND, "Unknown command.")  # it could not be set up
    return found


def _problem(exc: HomeError | ConfigNotFound) -> CommandError:
    return CommandError(CONFIG_NOT_FOUND if isinstance(exc, ConfigNotFound) else "error", str(exc))


@command("lovelace/config", {vol.Optional("force", default=False): bool, **_URL_PATH}, waits=True)
def config(session: Session, message: dict[str, Any]) -> None:
    """What stands in a dashboard. (`force` asks to read a file anew, which is done anyway.)"""
    try:
        found = _lovelace(session.home).config(message.get("url_path"))
    except ConfigNotFound as exc:
        if session.home.config.marge.profile != "native" or message.get("url_path") is not None:
            raise _problem(exc) from exc
        found = {"views": [], "title": "Marge"}
    except HomeError as exc:
        raise _problem(exc) from exc
    session.result(message["id"], found)


@command("lovelace/config/save", {vol.Optional("config"): vol.Any(str, dict), **_URL_PATH}, admin=True, waits=True)
def save(session: Session, message: dict[str, Any]) -> None:
    """Put something else into a dashboard."""
    if "config" not in message:
        raise CommandError(UNKNOWN_ERROR, "Unknown error")  # as HA answers
    try:
        _lovelace(session.home).save(message.get("url_path"), message["config"])
    except (HomeError, ConfigNotFound) as exc:
        raise _problem(exc) from exc
    session.result(message["id"])


@command("lovelace/config/delete", _URL_PATH, admin=True, waits=True)
def delete(session: Session, message: dict[str, Any]) -> None:
    """Forget what stands in a dashboard; the front end makes something up then."""
    try:
        _lovelace(session.home).delete(message.get("url_path"))
    except (HomeError, ConfigNotFound) as exc:
        raise _problem(exc) from exc
    session.result(message["id"])


@command("lovelace/dashboards/list")
def dashboards(session: Session, message: dict[str, Any]) -> None:
    """All dashboards but the default one."""
    session.result(message["id"], _lovelace(session.home).list_dashboards())


@command("lovelace/resources")
def resources(session: Session, message: dict[str, Any]) -> None:
    """The scripts and styles to load."""
    _send_resources(session, message)


@command("lovelace/resources/list")
def list_resources(session: Session, message: dict[str, Any]) -> None:
    """As `lovelace/resources`."""
    _send_resources(session, message)


def _send_resources(session: Session, message: dict[str, Any]) -> None:
    of_files = _lovelace(session.home).resources
    if of_files is None:
        of_files = collections_of(session.home.shared)["lovelace/resources"].all()
    session.result(message["id"], of_files)
