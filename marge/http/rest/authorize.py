"""`/auth/authorize`: where a client sends a person to log in. Open to everybody, since it asks who is there.

The page comes back to the client with `code` and `state` only when the log-in flow has given a code, and that one looks
at the redirect address: nobody is sent elsewhere by this page's address alone.
"""

from __future__ import annotations

from typing import Any

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.pages import page_reply
from marge.http.routing import route
from marge.http.shapes import STRING, Answer

PAGES = "pages"
"""In `home.shared`, where a frontend is installed: its `authorize(request)` gives its page, or None for our own."""


@route("GET", "/auth/authorize", access="open", replies={200: Answer("A page.", STRING, "text/html")})
@route("HEAD", "/auth/authorize", access="open", replies={200: Answer("A page.", STRING, "text/html")})
def authorize(home: Home, request: Request) -> Reply:
    """The log-in page."""
    pages: Any = home.shared.get(PAGES)
    theirs: Reply | None = None if pages is None else pages.authorize(request)
    return page_reply("authorize.html", request, "text/html") if theirs is None else theirs
