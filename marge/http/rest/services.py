"""`/api/services`: what can be done, and doing it."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.errors import HomeError, InvalidRequest, ServiceNotFound
from marge.home import Home
from marge.http.errors import HttpError
from marge.http.message import Reply, Request, json_bytes_reply, json_reply, status_reply, text_reply
from marge.http.rest.permissions import check_may_call
from marge.http.routing import route
from marge.http.shapes import STRING, TEXT, Answer, Body, Query, list_of, obj, ref
from marge.http.turns import in_slices
from marge.model import Context, dumps, loads


@route(
    "GET", "/api/services",
    replies={
        200: Answer(
            "By domain.",
            list_of(obj(domain=STRING, services={"type": "object", "additionalProperties": ref("Service")})),
        ),
    },
)  # fmt: skip
def list_services(home: Home, _request: Request) -> Reply:
    """All services, by domain."""
    described = home.services.describe()
    return json_reply([{"domain": domain, "services": services} for domain, services in described.items()])


@route(
    "POST", "/api/services/<domain>/<service>", hot=True,
    body=Body(vol.Schema(vol.Any(dict, None)), required=False),
    query={"return_response": Query("Give the answer of the service.", flag=True)},
    replies={
        200: Answer(
            "What changed, and the answer if it was asked for.",
            {"anyOf": [list_of(ref("State")), ref("ChangedStates")]},
        ),
        500: Answer("The service failed, or a device refused.", STRING, TEXT),
    },
)  # fmt: skip
def call_service(home: Home, request: Request) -> Reply:
    """Call a service and wait until it is done. The reply holds the states that changed under the call."""
    domain, service = request.args["domain"].lower(), request.args["service"].lower()
    data = _data(request.body)
    user = request.user
    check_may_call(user, domain, service)
    wants_response = request.query_string != "" and "return_response" in request.query
    if not isinstance(data, dict):
        return status_reply(400)
    target = None
    if isinstance(data.get("target"), dict) and home.config.marge.profile == "native":
        data, target = {key: value for key, value in data.items() if key != "target"}, data["target"]
    problem = _response_problem(home, domain, service, wants_response)
    if problem is not None and not home.services.is_lenient(domain, service, {**data, **(target or {})}):
        raise HttpError(400, problem)
    context = Context(user_id=None if user is None else user.id)
    try:
        result = home.services.call(domain, service, data, target, context, wants_response)
    except (ServiceNotFound, vol.Invalid):
        return status_reply(400)
    except HomeError as exc:
        # HA's 500 says nothing; clients rely at most on the status, people on a reason.
        return text_reply(f"500 Internal Server Error\n\n{exc}", 500)
    changed = b"[" + b",".join([state.json for state in in_slices(result.states)]) + b"]"
    if not wants_response:
        return json_bytes_reply(changed)
    response = dumps(result.response)
    return json_bytes_reply(b'{"changed_states":' + changed + b',"service_response":' + response + b"}")


def _data(body: bytes) -> Any:
    if not body:
        return {}
    try:
        data = loads(body)
    except ValueError as exc:
        raise InvalidRequest("Data should be valid JSON.") from exc
    return {} if data is None else data


def _response_problem(home: Home, domain: str, service: str, wanted: bool) -> str | None:
    """Why a call that wants an answer, or none, cannot be; None: it can."""
    found = home.services.find(domain, service)
    if found is None:
        return None
    supported = found.supports_response
    if wanted and supported == "none":
        return "Service does not support responses. Remove return_response from request."
    if not wanted and supported == "only":
        return (
            "Service call requires responses but caller did not ask for responses."
            " Add ?return_response to query parameters."
        )
    return None
