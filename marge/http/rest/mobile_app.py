"""`/api/mobile_app/registrations`: where HA's companion apps introduce themselves."""

from __future__ import annotations

from marge.home import Home
from marge.http.errors import HttpError
from marge.http.forms import checked
from marge.http.message import Reply, Request, json_reply
from marge.http.rest.permissions import check_may_control
from marge.http.routing import route
from marge.http.shapes import STRING, Answer, maybe, obj
from marge.integrations.base import SHARED as ENTRY_HOST
from marge.integrations.mobile_app.registration import register
from marge.integrations.mobile_app.schemas import REGISTRATION


@route(
    "POST", "/api/mobile_app/registrations",
    body=REGISTRATION,
    replies={201: Answer("Where it reports to.", obj(webhook_id=STRING, secret=maybe(STRING)))},
)  # fmt: skip
def registrations(home: Home, request: Request) -> Reply:
    """A new app: 201 with its webhook and, if it can encrypt, its secret."""
    data = checked(request, REGISTRATION)
    check_may_control(request.user)
    if ENTRY_HOST not in home.shared:
        raise HttpError(503)  # the door opens before the integrations start
    assert request.user is not None
    return json_reply(register(home, request.user.id, data), 201)
