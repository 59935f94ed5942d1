"""`marge/bridges/…`: how each bridge is, when a failed one starts again, what it wrote to the log. Administrators only.

Restarting one is `POST /api/actors/bridges/<name>/restart`. Not here: the console, which shows every actor to owners.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import voluptuous as vol

from marge.actors import Supervisor
from marge.errors import NotFound
from marge.home import Home
from marge.http.rest.health import BRIDGES, describe_bridges
from marge.http.ws.registry import command
from marge.http.ws.session import Session
from marge.log_ring import recent_problems

LINES = 200
"""Of a bridge's log that are told."""
_PROGRAMS = "programs"
_NAME = {vol.Required("name"): vol.All(str, vol.Length(min=1, max=200))}


@command("marge/bridges/list", admin=True)
def bridges(session: Session, message: dict[str, Any]) -> None:
    """Each bridge: what `GET /api/health` says of it, and `kind`, `restart_in` (s) and its latest failures."""
    session.result(message["id"], rows(session.home))


def rows(home: Home) -> list[dict[str, Any]]:
    """A row for each bridge."""
    supervisor = _supervisor(home)
    return [] if supervisor is None else [
        {"name": name, "path": f"{BRIDGES}/{name}", **told, **_more(home, supervisor, name)}
        for name, told in describe_bridges(home).items()
    ]  # fmt: skip


@command("marge/bridges/log", _NAME, admin=True)
def bridge_log(session: Session, message: dict[str, Any]) -> None:
    """Its latest warnings and errors, and for a bridge with a program of its own what that printed; oldest first."""
    home, name = session.home, message["name"]
    problems = lines_of(recent_problems(), name, kind_of(home, name))[-LINES:]
    session.result(message["id"], {"problems": problems, **printed_by(home, name)})


def kind_of(home: Home, name: str) -> str:
    """The kind of the bridge of this name.

    Raises:
        NotFound: there is none.
    """
    supervisor = _supervisor(home)
    child = None if supervisor is None else supervisor.child(name)
    if child is None:
        raise NotFound(f"There is no bridge {name}")
    return _kind(child.spec.actor_class)


def printed_by(home: Home, name: str) -> dict[str, Any]:
    """What the bridge's own program printed last (None: it has none), and how many lines were left out."""
    actor = home.system.actor(f"{BRIDGES}/{name}")
    described = {} if actor is None else actor.describe()
    printed = described.get("log")
    return {
        "program": [str(line) for line in printed][-LINES:] if isinstance(printed, list) else None,
        "dropped_lines": described.get("dropped_lines", 0),
    }


def is_about(name: str, kind: str) -> Callable[[str], bool]:
    """Tells lines that are about this bridge: written by its logger, or naming its path."""
    own = re.compile(rf"{BRIDGES}/{re.escape(name)}(?![\w-])")
    logger = None if kind == _PROGRAMS else re.compile(rf"\[marge\.bridges\.{re.escape(kind)}[\].]")
    return lambda line: bool(own.search(line) or (logger is not None and logger.search(line)))


def lines_of(text: str, name: str, kind: str) -> list[str]:
    """Those lines of a log that are about this bridge."""
    fits = is_about(name, kind)
    found: list[str] = []
    taken = False
    for line in text.splitlines():
        if line[:1].isdigit():  # it begins with the time; others go on with what was said before
            taken = fits(line)
        if taken:
            found.append(line)
    return found


def _more(home: Home, supervisor: Supervisor, name: str) -> dict[str, Any]:
    child = supervisor.child(name)
    if child is None:
        return {"kind": name, "restart_in": None, "failures": []}
    restart_in = None
    if child.status == "waiting" and child.timer is not None and not child.timer.done:
        restart_in = round(max(0.0, child.timer.deadline - home.clock.monotonic()), 1)
    failures = [{"time": death["time"], "error": death["error"]} for death in child.deaths or ()]
    return {"kind": _kind(child.spec.actor_class), "restart_in": restart_in, "failures": failures[-5:]}


def _kind(actor_class: type) -> str:
    kind = getattr(actor_class, "kind", None)
    return kind if isinstance(kind, str) else actor_class.__name__


def _supervisor(home: Home) -> Supervisor | None:
    found = home.system.actor(BRIDGES)
    return found if isinstance(found, Supervisor) else None
