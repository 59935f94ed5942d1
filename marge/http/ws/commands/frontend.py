"""What a front end asks on start: panels, themes, the user's own settings."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.http.translations import ICON_CATEGORIES, icons, translations
from marge.http.user_data import UserData
from marge.http.ws.errors import UNKNOWN_COMMAND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.model import Event
from marge.util.schema import ensure_list

if TYPE_CHECKING:
    from marge.domains.frontend import Frontend
    from marge.home import Home

_PACKAGE = "home-assistant-frontend"


def _frontend(home: Home) -> Frontend:
    found: Frontend | None = home.shared.get("frontend")
    if found is None:
        raise CommandError(UNKNOWN_COMMAND, "Unknown command.")  # it could not be set up
    return found


def _user_data(home: Home) -> UserData:
    found: UserData | None = home.shared.get("user_data")
    if found is None:
        made = found = home.shared["user_data"] = UserData(home.storage)

        def removed(event: Event) -> None:
            made.forget(str(event.data.get("user_id")))

        home.bus.subscribe(removed, "user_removed")
    return found


@command("get_panels")
def get_panels(session: Session, message: dict[str, Any]) -> None:
    """The pages that this user may see."""
    session.result(message["id"], _frontend(session.home).panels.shown_to(session.user.is_admin))


@command("frontend/get_themes")
def get_themes(session: Session, message: dict[str, Any]) -> None:
    """The themes of the configuration, and which of them to begin with."""
    session.result(message["id"], _frontend(session.home).describe_themes())


@command("frontend/get_version")
def get_version(session: Session, message: dict[str, Any]) -> None:
    """Which version of Home Assistant's front end is installed."""
    try:
        found = version(_PACKAGE)
    except PackageNotFoundError as exc:
        raise CommandError("unknown_version", "Version not found") from exc
    session.result(message["id"], {"version": found})


@command(
    "frontend/get_translations",
    {
        vol.Required("language"): str,
        vol.Required("category"): str,
        vol.Optional("integration"): vol.All(ensure_list, [str]),
        vol.Optional("config_flow"): bool,
    },
)
def get_translations(session: Session, message: dict[str, Any]) -> None:
    """Texts by flat key. (Those for setting up an integration are among all the others.)"""
    found = translations(session.home, message["language"], message["category"], message.get("integration"))
    session.result(message["id"], {"resources": found})


@command(
    "frontend/get_icons",
    {vol.Required("category"): vol.In(ICON_CATEGORIES), vol.Optional("integration"): vol.All(ensure_list, [str])},
)
def get_icons(session: Session, message: dict[str, Any]) -> None:
    """Icons by domain."""
    session.result(message["id"], {"resources": icons(message["category"], message.get("integration"))})


@command("frontend/subscribe_extra_js")
def subscribe_extra_js(session: Session, message: dict[str, Any]) -> None:
    """Scripts that come while the server runs: there are none, those of the configuration are in the page."""
    session.subscribe(message["id"], lambda: None)
    session.result(message["id"])


@command("frontend/get_user_data", {vol.Optional("key"): str}, waits=True)
def get_user_data(session: Session, message: dict[str, Any]) -> None:
    """What a front end keeps for this user: one document, or all by key."""
    documents = _user_data(session.home).all(session.user.id)
    session.result(message["id"], {"value": documents.get(message["key"]) if "key" in message else documents})


@command(
    "frontend/set_user_data",
    {
        vol.Required("key"): vol.All(str, vol.Length(max=255)),
        vol.Required("value"): vol.Any(bool, str, int, float, dict, list, None),
    },
    waits=True,
)
def set_user_data(session: Session, message: dict[str, Any]) -> None:
    """Keep a document for this user."""
    _user_data(session.home).set(session.user.id, message["key"], message["value"])
    session.result(message["id"])
