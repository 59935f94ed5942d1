"""`/api/openapi.json`: what this server understands, for people and programs."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, json_bytes_reply
from marge.http.openapi import description_of
from marge.http.routing import route
from marge.http.shapes import OBJECT, Answer


@route(
    "GET", "/api/openapi.json",
    replies={
        200: Answer("An OpenAPI 3.1 document.", OBJECT),
        304: Answer("It is as `If-None-Match` says.", content_type=None),
    },
)  # fmt: skip
def describe(home: Home, request: Request) -> Reply:
    """Every path, service and WebSocket command of this home, with the schemas that validate them."""
    document = description_of(home).document()
    headers = {"ETag": document.etag, "Cache-Control": "no-cache"}
    if document.etag in request.headers.get("if-none-match", ""):
        return Reply(304, headers=headers)
    return json_bytes_reply(document.body, headers=headers)
