"""`/api/config/config_entries/…`: entries, and the flows that make them and change their options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import STRING, STRINGS, Answer, Query, list_of, ref
from marge.integrations.flow import FlowManager, flows_of
from marge.integrations.forms import Invalid
from marge.integrations.host import host_of
from marge.registries import ConfigEntry

_FLOW = "/api/config/config_entries/flow"
_OPTIONS = "/api/config/config_entries/options/flow"
_START = vol.Schema(
    {vol.Required("handler"): str, vol.Optional("show_advanced_options", default=False): bool}, extra=vol.ALLOW_EXTRA
)
_VALUES = vol.Schema(dict)


def entries_of_kind(home: Home, kinds: list[str], domain: str | None) -> list[ConfigEntry]:
    """The entries of these kinds of integrations (all kinds when empty) and this domain (all when None)."""
    integrations = host_of(home).integrations
    entries = home.registries.config_entries
    found = entries.all() if domain is None else entries.for_domain(domain)
    if not kinds:
        return found
    return [each for each in found if each.domain in integrations and integrations[each.domain].kind in kinds]


@route(
    "GET", "/api/config/config_entries/entry",
    query={"domain": "Of this domain.", "type": Query("Of these kinds.", STRING, many=True)},
    replies={200: Answer("The entries.", list_of(ref("ConfigEntry")))},
)  # fmt: skip
def list_entries(home: Home, request: Request) -> Reply:
    """The entries, of `?domain=` and `?type=` only."""
    found = entries_of_kind(home, request.query_all("type"), request.query.get("domain"))
    return json_reply([entry.as_dict() for entry in found])


@route(
    "DELETE", "/api/config/config_entries/entry/<entry_id>", access="admin",
    replies={200: Answer("It is gone.", ref("RestartNeeded"))},
)  # fmt: skip
def delete_entry(home: Home, request: Request) -> Reply:
    """Remove an entry with its entities."""
    done = _on_entry(home, request, host_of(home).remove)
    return json_reply({"require_restart": not done})


@route(
    "POST", "/api/config/config_entries/entry/<entry_id>/reload", access="admin",
    replies={
        200: Answer("It was set up again.", ref("RestartNeeded")),
        403: Answer("It is being set up, or cannot be.", ref("Message")),
    },
)  # fmt: skip
def reload_entry(home: Home, request: Request) -> Reply:
    """Unload an entry and set it up again."""
    entry = home.registries.config_entries.get(request.args["entry_id"])
    if entry is not None and entry.state in ("failed_unload", "setup_in_progress", "unload_in_progress"):
        return message_reply("Entry cannot be reloaded", 403)
    done = _on_entry(home, request, host_of(home).reload)
    return json_reply({"require_restart": not done})


def _on_entry(home: Home, request: Request, change: Callable[[str], bool]) -> bool:
    entry_id = request.args["entry_id"]
    if entry_id not in home.registries.config_entries:
        raise NotFound("Invalid entry specified")
    return change(entry_id)


@route(
    "GET", "/api/config/config_entries/flow_handlers",
    query={"type": "Of this kind."},
    replies={200: Answer("Domains.", STRINGS)},
)  # fmt: skip
def flow_handlers(home: Home, request: Request) -> Reply:
    """The integrations that can be added by hand, of `?type=` only."""
    kind = request.query.get("type")
    integrations = host_of(home).integrations.values()
    return json_reply(
        [each.domain for each in integrations if each.flow is not None and (kind is None or each.kind == kind)]
    )


@route(
    "POST", _FLOW, access="admin", cors=False,
    body=_START,
    replies={200: Answer("The first step.", ref("FlowStep"))},
)  # fmt: skip
def start_flow(home: Home, request: Request) -> Reply:
    """A person wants to add an integration, or with `entry_id` to change what an entry is about."""
    data = _body(request, _START)
    if isinstance(data.get("entry_id"), str):
        return json_reply(flows_of(home).config.reconfigure(data["entry_id"], data["show_advanced_options"]))
    return json_reply(flows_of(home).config.start(data["handler"], data["show_advanced_options"]))


@route(
    "POST", _OPTIONS, access="admin", cors=False,
    body=_START,
    replies={200: Answer("The first step.", ref("FlowStep"))},
)  # fmt: skip
def start_options_flow(home: Home, request: Request) -> Reply:
    """A person wants to change the options of the entry `handler`."""
    data = _body(request, _START)
    return json_reply(flows_of(home).options.start(data["handler"], data["show_advanced_options"]))


@route("GET", _FLOW + "/<flow_id>", access="admin", replies={200: Answer("The step.", ref("FlowStep"))})
def show_flow(home: Home, request: Request) -> Reply:
    """The present step."""
    return json_reply(flows_of(home).config.show(request.args["flow_id"]))


@route("GET", _OPTIONS + "/<flow_id>", access="admin", replies={200: Answer("The step.", ref("FlowStep"))})
def show_options_flow(home: Home, request: Request) -> Reply:
    """The present step."""
    return json_reply(flows_of(home).options.show(request.args["flow_id"]))


@route(
    "POST", _FLOW + "/<flow_id>", access="admin",
    body=_VALUES,
    replies={200: Answer("What comes next.", ref("FlowStep")), 400: Answer("By field.", ref("FormErrors"))},
)  # fmt: skip
def configure_flow(home: Home, request: Request) -> Reply:
    """Send the values of a step."""
    return configure(flows_of(home).config, request)


@route(
    "POST", _OPTIONS + "/<flow_id>", access="admin",
    body=_VALUES,
    replies={200: Answer("What comes next.", ref("FlowStep")), 400: Answer("By field.", ref("FormErrors"))},
)  # fmt: skip
def configure_options_flow(home: Home, request: Request) -> Reply:
    """Send the values of a step."""
    return configure(flows_of(home).options, request)


@route("DELETE", _FLOW + "/<flow_id>", access="admin", replies={200: Answer("It is forgotten.", ref("Message"))})
def abort_flow(home: Home, request: Request) -> Reply:
    """Forget a flow."""
    return abort(flows_of(home).config, request)


@route("DELETE", _OPTIONS + "/<flow_id>", access="admin", replies={200: Answer("It is forgotten.", ref("Message"))})
def abort_options_flow(home: Home, request: Request) -> Reply:
    """Forget a flow."""
    return abort(flows_of(home).options, request)


def configure(flows: FlowManager, request: Request) -> Reply:
    """A step's values to a flow of any kind."""
    flow_id = request.args["flow_id"]
    flows.get(flow_id)
    values = _body(request, _VALUES)
    try:
        return json_reply(flows.configure(flow_id, values))
    except Invalid as exc:
        return json_reply({"errors": exc.errors}, 400)


def abort(flows: FlowManager, request: Request) -> Reply:
    """The end of a flow of any kind."""
    flows.abort(request.args["flow_id"])
    return message_reply("Flow aborted", 200)


def _body(request: Request, schema: vol.Schema) -> dict[str, Any]:
    data = request.json()
    try:
        valid: dict[str, Any] = schema(data)
    except vol.Invalid as exc:
        raise InvalidRequest(f"Message format incorrect: {exc}") from exc
    return valid
