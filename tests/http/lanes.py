"""Runs a request through the hot lane and through the Flask lane, for tests that both answer the same.

Usable for any `Lanes`, so the tests of the REST resources use it for theirs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from marge.http.dispatch import Lanes
from marge.http.encode import header_value, reply_headers
from marge.http.message import Headers, Request
from marge.http.protocol import split_target
from marge.http.wsgi import make_environ, run


class Answer(NamedTuple):
    """A reply as a client sees it. Headers that belong to the connection are left out."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def make_request(
    method: str, target: str, *, headers: Mapping[str, str] | None = None, body: Any = None
) -> Request:
    """A request as the server would make it. `body`: bytes as they are, anything else as JSON."""
    path, query = split_target(target.encode())
    lower = Headers({name.lower(): value for name, value in (headers or {}).items()})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        lower.setdefault("content-type", "application/json")
    return Request(method, path, query_string=query, headers=lower, body=body or b"", remote="127.0.0.1")


def through_hot_lane(lanes: Lanes, request: Request) -> Answer | None:
    """None: the hot lane leaves it to the Flask lane."""
    reply = lanes.dispatch(request)
    if reply is None:
        return None
    return Answer(reply.status, _comparable(reply_headers(reply)), reply.body)


def through_flask_lane(lanes: Lanes, request: Request) -> Answer:
    """The same by way of a WSGI environ, werkzeug's routing and a Flask response."""
    reply = run(lanes.wsgi_app, make_environ(request, port=8123))
    assert reply is not None
    body = b"".join(reply.chunks)
    reply.close()
    headers = _comparable(reply.headers)
    length = headers.pop("content-length", None)
    assert request.method == "HEAD" or length in (None, str(len(body)))
    return Answer(int(reply.status[:3]), headers, body)


def through_both(
    lanes: Lanes, method: str, target: str, *, headers: Mapping[str, str] | None = None, body: Any = None
) -> tuple[Answer | None, Answer]:
    """The answers of the hot and of the Flask lane to the same request, made twice."""
    hot = through_hot_lane(lanes, make_request(method, target, headers=headers, body=body))
    return hot, through_flask_lane(lanes, make_request(method, target, headers=headers, body=body))


def assert_same(
    lanes: Lanes, method: str, target: str, *, headers: Mapping[str, str] | None = None, body: Any = None
) -> Answer:
    """Fail unless both lanes answer and agree; the answer. The handler runs twice."""
    hot, flask = through_both(lanes, method, target, headers=headers, body=body)
    assert hot is not None, f"{method} {target} is not in the hot table"
    assert hot == flask
    return hot


def _comparable(headers: list[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): header_value(value) for name, value in headers if name.lower() not in ("date", "connection")}
