"""`/`: the first page, one file without a build. Open to everybody, since it asks who is there itself."""

from __future__ import annotations

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.pages import page_reply
from marge.http.routing import route


@route("GET", "/", access="open")
@route("HEAD", "/", access="open")
def front_page(_home: Home, request: Request) -> Reply:
    """The page."""
    return page_reply("index.html", request)
