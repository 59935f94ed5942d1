"""The actor console over WebSocket, for owners; and why a state is as it is, for everybody who may read it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import voluptuous as vol

from marge.console import ACTIONS, MAX_ROWS, SORTS, Who, console_of, letter, letters, why, why_context
from marge.errors import InvalidRequest, Unauthorized
from marge.http.rest.permissions import may_read
from marge.http.ws.registry import Handler, command
from marge.http.ws.session import Session
from marge.model import dumps_anyhow

_PATH = vol.All(str, vol.Length(min=1, max=1_000))
_TEXT = vol.All(str, vol.Length(max=200))
_OFFSET = vol.All(int, vol.Range(min=0, max=1_000_000))
_LIMIT = vol.All(int, vol.Range(min=1, max=MAX_ROWS))
_SECONDS = vol.All(vol.Any(int, float), vol.Range(min=0, max=3_600))
_PAGE = {vol.Optional("filter"): _TEXT, vol.Optional("offset"): _OFFSET, vol.Optional("limit"): _LIMIT}


def _owners(name: str, fields: dict[Any, Any] | None = None) -> Callable[[Handler], Handler]:
    """As `command`, for owners only; it may wait."""

    def mark(function: Handler) -> Handler:
        @wraps(function)
        def checked(session: Session, message: dict[str, Any]) -> None:
            if not session.user.is_owner:
                raise Unauthorized("Unauthorized")
            function(session, message)

        return command(name, fields, admin=True, waits=True)(checked)

    return mark


def who_of(session: Session) -> Who:
    """Who acts, for the audit log."""
    return Who(session.user.id, session.user.name, session.remote)


def _page(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": message.get("filter", ""), "offset": message.get("offset", 0), "limit": message.get("limit", 100),
    }  # fmt: skip


@_owners("marge/console/subscribe")
def subscribe(session: Session, message: dict[str, Any]) -> None:
    """The overview, once a second until the client unsubscribes."""
    viewers = console_of(session.home).viewers
    message_id = message["id"]
    first = True

    def tell(told: dict[str, Any], made: bytes) -> None:
        nonlocal first
        if not session.user.is_owner:
            session.unsubscribe(message_id)  # no owner any more
            return
        if first:
            first = False
            whole = {**told, "hub": viewers.hub()}
            made = dumps_anyhow(whole)
        session.send(b'{"id":%d,"type":"event","event":%s}' % (message_id, made))

    session.subscribe(message_id, viewers.join(tell))
    session.result(message_id)


@_owners(
    "marge/console/children",
    {
        vol.Exclusive("path", "where"): _PATH, vol.Exclusive("group", "where"): _PATH,
        vol.Optional("sort"): vol.In(SORTS), **_PAGE,
    },
)  # fmt: skip
def children(session: Session, message: dict[str, Any]) -> None:
    """Actors below a path, of a group, or by a filter: a page of them."""
    wish = {name: message[name] for name in ("path", "group", "sort", "offset", "limit") if name in message}
    found = console_of(session.home).children(text=message.get("filter", ""), **wish)
    session.result(message["id"], found)


@_owners("marge/console/actor", {vol.Required("path"): _PATH})
def actor(session: Session, message: dict[str, Any]) -> None:
    """Everything about one actor."""
    session.result(message["id"], console_of(session.home).actor(message["path"]))


@_owners(
    "marge/console/act",
    {
        vol.Required("path"): _PATH, vol.Required("action"): vol.In(ACTIONS), vol.Optional("seconds"): _SECONDS,
        vol.Optional("level"): str,
    },
)  # fmt: skip
def act(session: Session, message: dict[str, Any]) -> None:
    """Do something to an actor. What is refused says why."""
    actions = console_of(session.home).actions
    more = {name: message[name] for name in ("seconds", "level") if name in message}
    text = actions.act(who_of(session), message["path"], message["action"], **more)
    session.result(message["id"], {"result": "ok", "text": text})


@_owners("marge/console/waits")
def waiting(session: Session, message: dict[str, Any]) -> None:
    """Who asks whom, and who waits for each other in a circle."""
    session.result(message["id"], console_of(session.home).waits())


@_owners("marge/console/dead_letters", _PAGE)
def dead_letters(session: Session, message: dict[str, Any]) -> None:
    """The kept dead letters, newest first."""
    session.result(message["id"], letters(session.home.system, **_page(message)))


@_owners("marge/console/dead_letter", {vol.Required("number"): int})
def dead_letter(session: Session, message: dict[str, Any]) -> None:
    """One dead letter to read."""
    session.result(message["id"], letter(session.home.system, message["number"]))


@_owners("marge/console/dead_letters/resend", {vol.Required("number"): int})
def resend(session: Session, message: dict[str, Any]) -> None:
    """Send a dead letter again, to a living receiver."""
    text = console_of(session.home).actions.resend(who_of(session), message["number"])
    session.result(message["id"], {"result": "ok", "text": text})


@_owners("marge/console/dead_letters/clear")
def clear(session: Session, message: dict[str, Any]) -> None:
    """Throw the kept dead letters away."""
    text = console_of(session.home).actions.clear_letters(who_of(session))
    session.result(message["id"], {"result": "ok", "text": text})


@_owners("marge/console/audit", _PAGE)
def audit(session: Session, message: dict[str, Any]) -> None:
    """Who did what, newest first."""
    session.result(message["id"], console_of(session.home).audit.entries(**_page(message)))


@command(
    "marge/why", {vol.Exclusive("entity_id", "what"): _PATH, vol.Exclusive("context_id", "what"): _PATH}, waits=True
)
def why_command(session: Session, message: dict[str, Any]) -> None:
    """The chain of causes behind an entity's state, or of what happened under a context."""
    if not may_read(session.user, message.get("entity_id")):
        raise Unauthorized("Unauthorized")
    if "entity_id" in message:
        session.result(message["id"], why(session.home, message["entity_id"]))
    elif "context_id" in message:
        session.result(message["id"], why_context(session.home, message["context_id"]))
    else:
        raise InvalidRequest("Say entity_id or context_id.")
