"""`/api/repairs/issues/fix`: flows that mend repair issues."""

from __future__ import annotations

import voluptuous as vol

from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.config_entries import abort, configure
from marge.http.routing import route
from marge.http.shapes import Answer, ref
from marge.integrations._repairs import repairs_of

_FIX = "/api/repairs/issues/fix"
_START = vol.Schema({vol.Required("handler"): str, vol.Required("issue_id"): str}, extra=vol.ALLOW_EXTRA)
_VALUES = vol.Schema(dict)


@route("POST", _FIX, access="admin", body=_START, replies={200: Answer("The first step.", ref("FlowStep"))})
def start(home: Home, request: Request) -> Reply:
    """A person wants to mend an issue."""
    data = request.json()
    try:
        valid = _START(data)
    except vol.Invalid as exc:
        raise InvalidRequest(f"Message format incorrect: {exc}") from exc
    return json_reply(repairs_of(home).start(valid["handler"], valid["issue_id"]))


@route("GET", _FIX + "/<flow_id>", access="admin", replies={200: Answer("The step.", ref("FlowStep"))})
def show(home: Home, request: Request) -> Reply:
    """The present step."""
    return json_reply(repairs_of(home).show(request.args["flow_id"]))


@route(
    "POST", _FIX + "/<flow_id>", access="admin",
    body=_VALUES,
    replies={200: Answer("What comes next.", ref("FlowStep")), 400: Answer("By field.", ref("FormErrors"))},
)  # fmt: skip
def send(home: Home, request: Request) -> Reply:
    """The values of a step."""
    return configure(repairs_of(home), request)


@route("DELETE", _FIX + "/<flow_id>", access="admin", replies={200: Answer("It is forgotten.", ref("Message"))})
def forget(home: Home, request: Request) -> Reply:
    """Forget a flow."""
    return abort(repairs_of(home), request)
