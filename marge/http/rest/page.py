"""`/`: the first page. Open to everybody, since it asks who is there itself."""

from __future__ import annotations

from marge.home import Home
from marge.http.frontends import PAGES, Pages
from marge.http.message import Reply, Request
from marge.http.pages import page_reply
from marge.http.routing import route
from marge.http.shapes import STRING, Answer


@route("GET", "/", access="open", replies={200: Answer("A page.", STRING, "text/html")})
@route("HEAD", "/", access="open", replies={200: Answer("A page.", STRING, "text/html")})
def front_page(home: Home, request: Request) -> Reply:
    """The page of the frontend that the home is set to, or Marge's own: one file without a build."""
    pages: Pages | None = home.shared.get(PAGES)
    return page_reply("index.html", request) if pages is None else pages.front(request)
