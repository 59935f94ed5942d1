"""Traces of runs, and breakpoints. For administrators: a trace shows everything that a run saw."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.automations.traces import ensure_traces
from marge.http.ws.errors import NOT_FOUND, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_DOMAINS = ["automation", "script"]
DOMAIN = vol.In(_DOMAINS, msg=f"value must be one of {_DOMAINS}")
_ITEM: dict[Any, Any] = {vol.Required("domain"): DOMAIN, vol.Required("item_id"): str}
_RUN = {**_ITEM, vol.Required("run_id"): str}
_NODE = {**_ITEM, vol.Required("node"): str, vol.Optional("run_id"): str}


def _item(message: dict[str, Any]) -> tuple[str, str]:
    return message["domain"], message["item_id"]


@command("trace/list", {vol.Required("domain"): DOMAIN, vol.Optional("item_id"): str}, admin=True, waits=True)
def list_traces(session: Session, message: dict[str, Any]) -> None:
    """The traces of one item, or of all of a domain, in short."""
    found = ensure_traces(session.home).list(message["domain"], message.get("item_id"))
    session.result(message["id"], found)


@command("trace/get", _RUN, admin=True, waits=True)
def get_trace(session: Session, message: dict[str, Any]) -> None:
    """One trace, with everything."""
    found = ensure_traces(session.home).get(*_item(message), message["run_id"])
    if found is None:
        raise CommandError(NOT_FOUND, "The trace could not be found")
    session.result_json(message["id"], found)


@command(
    "trace/contexts",
    {vol.Inclusive("domain", "id"): DOMAIN, vol.Inclusive("item_id", "id"): str},
    admin=True,
    waits=True,
)
def contexts(session: Session, message: dict[str, Any]) -> None:
    """Which run a context belongs to, for the logbook."""
    found = ensure_traces(session.home).contexts(message.get("domain"), message.get("item_id"))
    session.result(message["id"], found)


@command("trace/debug/breakpoint/set", _NODE, admin=True)
def set_breakpoint(session: Session, message: dict[str, Any]) -> None:
    """Let runs wait before a step."""
    ensure_traces(session.home).debugger.set(_item(message), message.get("run_id"), message["node"])
    session.result(message["id"])


@command("trace/debug/breakpoint/clear", _NODE, admin=True)
def clear_breakpoint(session: Session, message: dict[str, Any]) -> None:
    """Forget a breakpoint."""
    ensure_traces(session.home).debugger.clear(_item(message), message.get("run_id"), message["node"])
    session.result(message["id"])


@command("trace/debug/breakpoint/list", admin=True)
def list_breakpoints(session: Session, message: dict[str, Any]) -> None:
    """All breakpoints."""
    session.result(message["id"], ensure_traces(session.home).debugger.list())


@command("trace/debug/breakpoint/subscribe", admin=True)
def subscribe_breakpoints(session: Session, message: dict[str, Any]) -> None:
    """Tell of runs that wait at a breakpoint. With the last subscription all breakpoints go."""
    message_id = message["id"]
    end = ensure_traces(session.home).debugger.listen(lambda told: session.event(message_id, told))
    session.subscribe(message_id, end)
    session.result(message_id)


@command("trace/debug/continue", _RUN, admin=True)
def go_on(session: Session, message: dict[str, Any]) -> None:
    """Let a run go on until the next breakpoint."""
    ensure_traces(session.home).debugger.go_on(_item(message), message["run_id"])
    session.result(message["id"])


@command("trace/debug/step", _RUN, admin=True)
def step(session: Session, message: dict[str, Any]) -> None:
    """Let a run do one step."""
    ensure_traces(session.home).debugger.step(_item(message), message["run_id"])
    session.result(message["id"])


@command("trace/debug/stop", _RUN, admin=True)
def stop(session: Session, message: dict[str, Any]) -> None:
    """Stop a run."""
    ensure_traces(session.home).debugger.stop(_item(message), message["run_id"])
    session.result(message["id"])
