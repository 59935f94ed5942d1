"""From a request to a reply: who may, which handler, what is added on the way out. Both lanes come through here.

Not here: the wire, Flask, what the handlers do.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import gevent

from marge.actors import native
from marge.auth.signing import PARAMETER
from marge.backup.contents import FOLDER
from marge.backup.write import enough_space
from marge.http.errors import error_reply
from marge.http.flask_lane import make_wsgi_app
from marge.http.gate import Gate
from marge.http.message import Reply, Request, status_reply, text_reply
from marge.http.protocol import WireError
from marge.http.routing import HotTable, Route, check_unique
from marge.http.spool import Spool
from marge.http.websocket import GOING_AWAY, WebSocketOptions
from marge.http.ws_host import WebSockets
from marge.http.wsgi import WSGIApp

if TYPE_CHECKING:
    from marge.auth import User

Authenticate = Callable[[Request], "User | None"]

CAST_ORIGIN = "https://cast.home-assistant.io"  # allowed by HA from the start, so that its Cast receiver works
ANY_ORIGIN = "*"

GZIP_FROM = 1_024  # below, the headers weigh as much as what is saved
GZIP_HOT_FROM = 16 * 1_024  # a hot reply is small and asked for often: the CPU is worth more than the bytes
GZIP_OFF_HUB_FROM = 32 * 1_024  # gzip of 32 KB takes about 0.5 ms, as long as the hop to a native thread and back
GZIP_LEVEL = 3  # 1.1 times the size of level 6 on a list of states in half the time
_COMPRESSIBLE = ("application/json", "text/", "application/javascript", "image/svg+xml", "application/manifest+json")


class Lanes:
    """The two lanes behind one door, over one list of routes.

    `dispatch` is the hot lane; `wsgi_app` is the Flask lane and takes everything.
    """

    def __init__(
        self,
        home: Any,
        routes: Sequence[Route],
        authenticate: Authenticate,
        *,
        cors_origins: Iterable[str] = (),
        websocket_options: WebSocketOptions | None = None,
        gate: Gate | None = None,
        on_refused: Callable[[Request], None] | None = None,
        pages: Callable[[Request], Reply | None] | None = None,
        early: Callable[[Request], Reply | None] | None = None,
        also_open: Iterable[str] = (),
    ) -> None:
        """Nothing starts here.

        Args:
            home: handed to every handler.
            authenticate: from a request to its user or None. Called in the request's greenlet and often: it must be
                quick. Not called on open routes unless the request has an Authorization header or a signed address.
            cors_origins: origins a browser may call from, besides HA's Cast receiver; "*" allows every one.
            websocket_options: `WebSocketOptions`, the defaults when None.
            gate: looks at each request first, and may refuse it; see `gate.py`.
            on_refused: told of a request whose token was not good. Must not wait.
            pages: answers GET of a path that no route takes, or None for 404.
            early: answers GET of a file of which a page has many, before Flask is asked; None: it is none.
            also_open: paths whose GET needs no log-in here; a token that comes along has to be good all the same.
        """
        check_unique(routes)
        self._home = home
        self.routes = tuple(routes)
        self._authenticate = authenticate
        self._gate = gate
        self._on_refused = on_refused
        self._pages = pages
        self._early = early
        self._also_open = frozenset(also_open)
        self._hot = HotTable(self.routes)
        self._large = {(item.method, item.path): item for item in self.routes if item.large}
        self._spools: WeakSet[Spool] = WeakSet()
        self.cors_origins = frozenset(cors_origins) | {CAST_ORIGIN}
        self.websockets = WebSockets(websocket_options)
        self.wsgi_app: WSGIApp = make_wsgi_app(self)

    @property
    def home(self) -> Any:
        """What handlers get as their first argument."""
        return self._home

    def drain(self) -> None:
        """The server stops: say goodbye to the WebSocket clients. Does not wait."""
        self.websockets.close_all(GOING_AWAY)

    def spool_for(self, head: Request, length: int, at_most: int) -> Spool | None:
        """Where a body above the usual limit goes, once its route and sender are known to be good; None: nowhere.

        Raises:
            WireError: nowhere, and there is a better word for it than that the body is too large.
        """
        found = self._large.get((head.method, head.path))
        if found is None or self.admit(head) is not None:
            return None
        under_way = sum(each.is_open for each in self._spools)
        if callable(found.large):
            why_not = found.large(self._home, head)
            if why_not is not None:
                raise WireError(why_not)
            if under_way:  # nobody is known here: one at a time
                raise WireError(503)
        else:
            user = self._authenticate(head)
            if under_way >= at_most or user is None or not (user.is_admin or found.access == "user"):
                return None
        folder: Path = self._home.config.config_dir / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        if not enough_space(folder, length):
            if callable(found.large):
                raise WireError(507)
            return None
        spool = Spool(folder)
        self._spools.add(spool)
        return spool

    def admit(self, request: Request) -> Reply | None:
        """The refusal of a request that is not even looked at, or None. Once a request, whichever lane it takes."""
        if self._gate is None or request.is_admitted:
            return None
        request.is_admitted = True
        return self._gate(request)

    def page(self, request: Request) -> Reply | None:
        """What a frontend has at a path that no route takes. Never raises an Exception."""
        return None if self._pages is None else self._shown(self._pages, request)

    def _shown(self, pages: Callable[[Request], Reply | None], request: Request) -> Reply | None:
        try:
            reply = pages(request)
        except Exception as exc:  # noqa: BLE001  the border: one request
            reply = error_reply(exc, request)
        return None if reply is None else self.finish(request, reply)

    def dispatch(self, request: Request) -> Reply | None:
        """The hot lane: the reply, or None when the Flask lane has to answer."""
        refusal = self.admit(request)
        if refusal is not None:
            return refusal
        found = self._hot.match(request.method, request.path)
        if found is None:
            if self._early is None or request.method != "GET":
                return None
            return self._shown(self._early, request)
        route, request.args = found
        return self.call(route, request)

    def call(self, route: Route, request: Request) -> Reply:
        """Run `route` for `request`. Runs in the request's greenlet and never raises an Exception."""
        gzip_from = GZIP_HOT_FROM if route.hot else GZIP_FROM
        try:
            reply: Reply = self._refusal(route, request) or route.handler(self._home, request)
            return self.finish(request, reply, gzip_from)
        except gevent.Timeout as timeout:  # not an Exception: somebody's deadline that leaked is this request's end
            reply = error_reply(TimeoutError(str(timeout)), request)
        except Exception as exc:  # noqa: BLE001  the border: one request
            reply = error_reply(exc, request)
        return self.finish(request, reply, gzip_from)

    def _refusal(self, route: Route, request: Request) -> Reply | None:
        if route.access == "open" and "authorization" not in request.headers and not _is_signed(request):
            return None
        if self._also_open and request.path in self._also_open and not request.headers.get("authorization"):
            return None
        user = request.user = self._authenticate(request)
        if route.access == "open" or (user is not None and (route.access == "user" or user.is_admin)):
            return None
        if user is None and self._on_refused is not None and "authorization" in request.headers:
            self._on_refused(request)
        return status_reply(401)

    def finish(self, request: Request, reply: Reply, gzip_from: int = GZIP_FROM) -> Reply:
        """Add what depends on the client: the CORS header, compression."""
        headers = request.headers
        origin = dict.get(headers, "origin")
        if origin is not None and self.allows_origin(origin):
            reply = reply._replace(headers={**reply.headers, "Access-Control-Allow-Origin": origin})
        if len(reply.body) >= gzip_from and accepts_gzip(dict.get(headers, "accept-encoding")):
            reply = compressed(reply)
        return reply

    def allows_origin(self, origin: str) -> bool:
        """Whether a browser page of `origin` may read our replies."""
        return origin in self.cors_origins or ANY_ORIGIN in self.cors_origins

    def preflight(self, request: Request, methods: Iterable[str]) -> Reply:
        """The answer to OPTIONS on a path with `methods`; texts as recorded from HA."""
        headers = request.headers
        origin = headers.get("origin")
        wanted = headers.get("access-control-request-method")
        if origin is None:
            return _preflight_failure("origin header is not specified in the request")
        if wanted is None:
            return _preflight_failure("'Access-Control-Request-Method' header is not specified")
        if not self.allows_origin(origin):
            return _preflight_failure(f"origin '{origin}' is not allowed")
        if wanted not in methods:
            return _preflight_failure(f"request method '{wanted}' is not allowed for '{origin}' origin")
        allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": wanted}
        if asked := headers.get("access-control-request-headers"):
            names = sorted({name.strip().upper() for name in asked.split(",") if name.strip()})
            allowed["Access-Control-Allow-Headers"] = ",".join(names)
        return Reply(200, headers=allowed)


def _is_signed(request: Request) -> bool:
    return PARAMETER in request.query_string


def _preflight_failure(reason: str) -> Reply:
    return text_reply(f"CORS preflight request failed: {reason}", 403)


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether an Accept-Encoding header takes gzip: named, and not with weight zero."""
    if not accept_encoding or "gzip" not in accept_encoding:
        return False
    for item in accept_encoding.split(","):
        name, _, weight = item.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def compressed(reply: Reply) -> Reply:
    """`reply` in gzip if its type is worth it. Large bodies are compressed in a native thread: the greenlet waits."""
    content_type = reply.content_type or ""
    if not content_type.startswith(_COMPRESSIBLE) or "Content-Encoding" in reply.headers:
        return reply
    body = reply.body
    packed = _gzip(body) if len(body) < GZIP_OFF_HUB_FROM else native.run(_gzip, body)
    return reply._replace(body=packed, headers={**reply.headers, "Content-Encoding": "gzip"})


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)  # 31: the gzip header and checksum
    return packer.compress(body) + packer.flush()
