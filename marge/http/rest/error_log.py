"""`/api/error_log`: the latest warnings and errors, for administrators."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request, text_reply
from marge.http.routing import route
from marge.http.shapes import STRING, TEXT, Answer
from marge.log_ring import recent_problems


@route("GET", "/api/error_log", access="admin", replies={200: Answer("The lines.", STRING, TEXT)})
def error_log(_home: Home, _request: Request) -> Reply:
    """Text, a line each, oldest first. The last 500; secrets were taken out when they were logged."""
    return text_reply(recent_problems())
