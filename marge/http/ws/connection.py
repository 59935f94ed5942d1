"""The route `/api/websocket`: log-in, then a session. Each connection is an actor at `/http/ws-<n>`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Actor, ChildSpec, Restart
from marge.http.message import Request
from marge.http.routing import websocket_route
from marge.http.websocket import NORMAL, ConnectionClosed, WebSocket
from marge.http.ws.errors import describe_invalid
from marge.http.ws.registry import Command, find_commands
from marge.http.ws.session import Session
from marge.model import dumps, loads
from marge.util.parts import Report
from marge.version import HA_VERSION

if TYPE_CHECKING:
    from marge.auth import AuthStore, User
    from marge.home import Home


FRONT_DOOR = "/http"
AUTH_TIMEOUT_S = 10.0
_AUTH = vol.Schema(
    {
        vol.Required("type"): "auth",
        vol.Exclusive("api_password", "auth"): str,
        vol.Exclusive("access_token", "auth"): str,
    }
)
_REQUIRED = dumps({"type": "auth_required", "ha_version": HA_VERSION})
_OK = dumps({"type": "auth_ok", "ha_version": HA_VERSION})
_INVALID = "Invalid access token or password"


class WebSocketActor(Actor):
    """A connection in the tree: its figures, and a handle to end it. Takes no messages.

    The conversation itself runs in the connection's own greenlet, because events have to reach the client in the
    order of the hub: what a command causes comes before its result.
    """

    def __init__(self, websocket: WebSocket, session: Session) -> None:
        self._websocket = websocket
        self._session = session

    def on_stop(self) -> None:
        self._websocket.close(1001, "the server stops")

    def describe(self) -> dict[str, Any]:
        return self._session.describe()


class Sockets:
    """The commands, and which connections are open. One a home, in `home.shared["websockets"]`."""

    def __init__(self, report: Report | None = None) -> None:
        self.commands: dict[str, Command] = find_commands(report)
        self.numbers = itertools.count(1)
        self._open: dict[str, WebSocket] = {}
        self._is_watching = False

    def opened(self, home: Home, path: str, websocket: WebSocket) -> None:
        """From now on the connection ends with the actor at `path`, also when that one is killed."""
        self._open[path] = websocket
        if not self._is_watching:
            self._is_watching = True
            home.system.on_actor_ended(self._actor_ended)

    def closed(self, path: str) -> None:
        self._open.pop(path, None)

    def _actor_ended(self, path: str) -> None:
        websocket = self._open.get(path)
        if websocket is not None and websocket.is_open:
            websocket.drop("its actor was ended")


@websocket_route("/api/websocket")
def serve(home: Home, websocket: WebSocket, request: Request) -> None:
    """Runs in the connection's greenlet until it is over."""
    try:
        found = _log_in(home, websocket, request)
        if found is None:
            return
        user, token_id = found
        sockets: Sockets = home.shared["websockets"]
        session = Session(home, websocket, sockets.commands, user, token_id)
        _converse(home, sockets, websocket, session)
    except ConnectionClosed:
        return


def _log_in(home: Home, websocket: WebSocket, request: Request) -> tuple[User, str | None] | None:
    websocket.send(_REQUIRED)
    message = websocket.receive(AUTH_TIMEOUT_S)
    if not isinstance(message, str):
        return None
    try:
        data = loads(message)
    except ValueError:
        return None
    try:
        valid = _AUTH(data)
    except vol.Invalid as exc:
        _refuse(websocket, f"Auth message incorrectly formatted: {describe_invalid(data, exc)}")
        return None
    store: AuthStore = home.shared["auth"]
    found = store.find_bearer(valid.get("access_token", ""), request.remote)
    if found is None:
        store.guard.request_refused(request.remote, request.path)
        _refuse(websocket, _INVALID)
        return None
    websocket.send(_OK)
    return found


def _refuse(websocket: WebSocket, text: str) -> None:
    websocket.send(dumps({"type": "auth_invalid", "message": text}))


def _converse(home: Home, sockets: Sockets, websocket: WebSocket, session: Session) -> None:
    name = f"ws-{next(sockets.numbers)}"
    spec = ChildSpec(name, WebSocketActor, (websocket, session), restart=Restart.TEMPORARY, shutdown_s=1.0)
    home.system.spawn(spec, FRONT_DOOR)
    path = f"{FRONT_DOOR}/{name}"
    sockets.opened(home, path, websocket)
    store: AuthStore = home.shared["auth"]
    take_back = None if session.token_id is None else store.on_revoked(session.token_id, session.revoked)
    try:
        while True:
            message = websocket.receive()
            if isinstance(message, str) and not session.handle_text(message):
                websocket.close(NORMAL)
                return
    finally:
        sockets.closed(path)
        if take_back is not None:
            take_back()
        session.finish()
        home.system.stop(path, timeout=1.0)
