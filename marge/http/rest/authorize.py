"""`/auth/authorize`: where a client sends a person to log in. Open to everybody, since it asks who is there.

The page comes back to the client with `code` and `state` only when the log-in flow has given a code, and that one looks
at the redirect address: nobody is sent elsewhere by this page's address alone.
"""

from __future__ import annotations

from collections.abc import Callable

from marge.home import Home
from marge.http.message import Reply, Request
from marge.http.pages import page_reply
from marge.http.routing import route

PAGE_HOOK = "authorize_page"
"""In `home.shared`, if there: `request -> Reply`, the page of a frontend that is installed, in place of our own."""


@route("GET", "/auth/authorize", access="open")
@route("HEAD", "/auth/authorize", access="open")
def authorize(home: Home, request: Request) -> Reply:
    """The log-in page."""
    theirs: Callable[[Request], Reply] | None = home.shared.get(PAGE_HOOK)
    return page_reply("authorize.html", request) if theirs is None else theirs(request)
