"""The Flask lane: the same routes on a Flask application, as thin adapters, and WebSocket routing by flask-sock.

Not here: handlers, and what both lanes share (`dispatch.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response
from flask import request as flask_request
from flask.globals import request_ctx
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect, Rule

from marge.http.encode import has_body, header_value, reply_headers
from marge.http.errors import error_reply, not_allowed_reply
from marge.http.message import Reply, Request, status_reply, text_reply
from marge.http.routing import Route
from marge.http.wsgi import UPGRADE_KEY, Upgrade, WSGIApp, request_of
from marge.util.left_out import stood_in

# The library of flask-sock's own connections, which are replaced (see `_OwnConnection`); it brings two more, 1 MB.
with stood_in("simple_websocket", "Server", "ConnectionClosed"):
    from flask_sock import Sock

if TYPE_CHECKING:
    from marge.http.dispatch import Lanes


def make_wsgi_app(lanes: Lanes) -> WSGIApp:
    """The WSGI application over all of `lanes.routes`. It answers what no route takes, too: 404, 405, OPTIONS."""
    return _FlaskLane(lanes).app


class _MatchedRule(Rule):
    """A rule that addresses are matched with. None are made of it, and the code for that, compiled for each rule, would
    take 3 kB of every one."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        return _not_built


def _not_built(*_args: Any) -> None:
    raise TypeError("addresses are not made of these rules: write them out")


class _FlaskLane:
    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._by_endpoint: dict[str, Route] = {}
        self._by_key = {(item.method, item.path): item for item in lanes.routes}
        app = Flask("marge.http", static_folder=None)
        app.url_rule_class = _MatchedRule
        app.url_map.merge_slashes = False  # "/api//states" is 404 in HA, not a redirect
        blueprint = Blueprint("front", __name__)
        sock = Sock()
        for number, item in enumerate(lanes.routes):
            endpoint = f"route_{number}"
            self._by_endpoint[f"front.{endpoint}"] = item
            if item.is_websocket:
                sock.route(item.path, bp=_OwnConnection(blueprint, endpoint, self._websocket_view(item)))(item.handler)
                if ("GET", item.path) not in self._by_key:
                    plain = f"{endpoint}_plain"
                    self._by_endpoint[f"front.{plain}"] = item
                    blueprint.add_url_rule(
                        item.path, plain, self._no_upgrade, methods=["GET"], provide_automatic_options=False
                    )
            else:
                blueprint.add_url_rule(
                    item.path,
                    endpoint,
                    self._view(item),
                    methods=[item.method],
                    provide_automatic_options=False,
                )
        app.register_blueprint(blueprint)
        app.before_request(self._before)
        app.register_error_handler(HTTPException, self._http_error)
        app.register_error_handler(Exception, self._unexpected)
        self.app = app

    def _before(self) -> Response | None:
        """The gate, for what did not come through the hot lane; and what Flask would answer otherwise than HA does."""
        refusal = self._lanes.admit(_request())
        if refusal is not None:
            return _to_flask(refusal)
        problem = flask_request.routing_exception
        if isinstance(problem, RequestRedirect):
            return _to_flask(status_reply(404))  # "/api" is not "/api/"
        if flask_request.method == "OPTIONS" and isinstance(problem, MethodNotAllowed):
            found = self._routes_here()
            if any(item.cors for item in found):
                return _to_flask(self._lanes.preflight(_request(), {_method(item) for item in found}))
        return None

    def _view(self, item: Route) -> Callable[..., Response]:
        def view(**args: str) -> Response:
            route = item
            if flask_request.method != item.method:  # werkzeug lets HEAD in wherever GET is
                head = self._by_key.get(("HEAD", item.path))
                if head is None:
                    return self._not_allowed()
                route = head
            request = _request()
            request.args = args
            return _to_flask(self._lanes.call(route, request))

        return view

    def _websocket_view(self, item: Route) -> Callable[..., Response]:
        def view(**args: str) -> Response:
            request = _request()
            request.args = args
            upgrade: Upgrade | None = flask_request.environ.get(UPGRADE_KEY)
            if upgrade is None:
                return _to_flask(status_reply(501))  # a WSGI server that does not hand its socket out
            refusal = self._lanes.websockets.serve(upgrade, request, self._lanes.home, item.handler)
            return _Nothing() if refusal is None else _to_flask(refusal)

        return view

    def _no_upgrade(self, **_args: str) -> Response:
        if flask_request.method != "GET":
            return self._not_allowed()
        seen = flask_request.headers.get("Upgrade")
        return _to_flask(text_reply(f'No WebSocket UPGRADE hdr: {seen}\n Can "Upgrade" only to "WebSocket".', 400))

    def _routes_here(self) -> list[Route]:
        """All routes on the path of the running request, whatever their method."""
        adapter = _adapter()
        found = []
        for method in adapter.allowed_methods():
            try:
                rule, _ = adapter.match(method=method, return_rule=True)
            except (HTTPException, RequestRedirect):
                continue
            item = self._by_endpoint[rule.endpoint]
            if method == "HEAD":  # werkzeug finds the GET beside it
                item = self._by_key.get(("HEAD", item.path), item)
            if item not in found and (method == _method(item) or method != "HEAD"):
                found.append(item)
        return found

    def _not_allowed(self) -> Response:
        found = self._routes_here()
        methods = {_method(item) for item in found}
        if any(item.cors for item in found):
            methods.add("OPTIONS")
        return _to_flask(self._lanes.finish(_request(), not_allowed_reply(list(methods))))

    def _http_error(self, error: HTTPException) -> Response:
        if isinstance(error, MethodNotAllowed):
            return self._not_allowed()
        if isinstance(error, NotFound) and flask_request.method in ("GET", "HEAD"):
            page = self._lanes.page(_request())
            if page is not None:
                return _to_flask(page)
        return _to_flask(status_reply(error.code or 500))

    def _unexpected(self, error: Exception) -> Response:
        return _to_flask(error_reply(error, _request()))


def _adapter() -> MapAdapter:
    adapter = request_ctx.url_adapter
    assert adapter is not None
    return adapter


class _OwnConnection:
    """Stands where flask-sock expects a blueprint: keeps its routing, replaces the connection it would make.

    flask-sock's own connection writes with `send`: of a 17 MB message 3.9 MB arrived.
    """

    def __init__(self, blueprint: Blueprint, endpoint: str, view: Callable[..., Response]) -> None:
        self._blueprint = blueprint
        self._endpoint = endpoint
        self._view = view

    def route(self, path: str, **options: Any) -> Callable[[Any], None]:
        def register(_flask_socks_view: Any) -> None:
            self._blueprint.add_url_rule(
                path, self._endpoint, self._view, provide_automatic_options=False, **options
            )

        return register


class _Nothing(Response):
    """The reply of a connection that became a WebSocket: none, since everything has been said on the socket."""

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        return []


def _request() -> Request:
    return request_of(flask_request.environ)


def _method(item: Route) -> str:
    return "GET" if item.is_websocket else item.method


class _Ready(Response):
    """A reply whose headers are complete; Flask would rewrite Location and measure the body again."""

    def get_wsgi_headers(self, environ: Any) -> Headers:
        return self.headers


def _to_flask(reply: Reply) -> Response:
    response = _Ready(reply.stream if reply.stream is not None else reply.body, reply.status)
    headers = Headers([(name, header_value(value)) for name, value in reply_headers(reply)])
    if reply.stream is None and has_body(reply.status):
        headers["Content-Length"] = str(len(reply.body))
    response.headers = headers
    return response
