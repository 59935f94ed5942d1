"""A whole home in the test's own process: the real `Running` on a free port, without bridges; and clients for it.

Not here: the server as a process of its own (`tests.support.server`).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import requests
import structlog
import websocket

from marge.actors import ChildSpec, Supervisor
from marge.app import Running
from marge.auth import READ_ONLY, USER, User
from marge.bridges.base import find_kinds
from marge.config import load_home
from marge.log_ring import RecentProblems
from marge.model import State

PASSWORD = "correct horse battery staple"
CLIENT_ID = "http://127.0.0.1:8123/"
TIMEOUT_S = 60.0


class QuietHome(Running):
    """A home whose devices are what a test puts into it, and the bridges that it names."""

    bridges: Collection[str] = ()

    def _start_bridges(self) -> None:
        self.system.spawn(ChildSpec("bridges", Supervisor))
        kinds: dict[str, Any] = {}
        self.home.shared["bridge_kinds"] = kinds  # where a reloaded entry looks for its bridge
        for kind in find_kinds():
            if kind.name in self.bridges:
                kinds[kind.name] = kind.specs
                for spec in kind.specs(self.home):
                    self.system.spawn(spec, "/bridges")


class HomeServer:
    """A home that runs, with an owner (an administrator), an ordinary user and one who may only look.

    Attributes:
        running, home: the server's own objects, for looking behind the API.
        admin_token, user_token, reader_token: long-lived tokens; None while `with_users` is False.
    """

    def __init__(self, running: Running) -> None:
        self.running = running
        self.home = running.home
        self.auth = running.auth
        self.users: dict[str, User] = {}
        self.admin_token = self.user_token = self.reader_token = ""

    @property
    def port(self) -> int:
        assert self.running.server is not None
        return int(self.running.server.port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def add_users(self) -> None:
        """An owner, a user, a reader; they have all finished onboarding."""
        store = self.auth
        for username, group in (("admin", USER), ("user", USER), ("reader", READ_ONLY)):
            user = store.create_user(username.title(), username, PASSWORD, group, is_owner=username == "admin")
            self.users[username] = user
            setattr(self, f"{username}_token", store.create_long_lived(user, f"token of {username}")[0])
        for step in ("core_config", "analytics", "integration"):
            store.finish_onboarding_step(step)

    def rest(
        self, method: str, path: str, body: Any = None, *, token: str | None = "", **more: Any
    ) -> requests.Response:
        """One request: as the administrator unless `token` says otherwise; None: without a log-in."""
        headers = dict(more.pop("headers", {}))
        token = self.admin_token if token == "" else token
        if token is not None:
            headers.setdefault("Authorization", f"Bearer {token}")
        if body is not None:
            more["data"] = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        return requests.request(
            method, self.url + path, headers=headers, timeout=TIMEOUT_S, allow_redirects=False, **more
        )

    def connect(self) -> WebSocketClient:
        """A WebSocket that has not logged in."""
        return WebSocketClient(self.port)

    def websocket(self, token: str = "") -> WebSocketClient:
        """A WebSocket that is logged in: as the administrator unless `token` says otherwise."""
        client = self.connect()
        assert client.receive()["type"] == "auth_required"
        client.send({"type": "auth", "access_token": token or self.admin_token})
        assert client.receive()["type"] == "auth_ok"
        return client

    def state(self, entity_id: str) -> State:
        """The state of an entity that is there."""
        found = self.home.states.get(entity_id)
        assert found is not None, entity_id
        return found

    def wait(self) -> None:
        """Until the actors have nothing to do."""
        self.home.system.settle(12)


class WebSocketClosed(AssertionError):
    """The server closed the connection: `code`."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class WebSocketClient:
    """A client that speaks HA's WebSocket API message by message."""

    def __init__(self, port: int) -> None:
        self.raw = websocket.create_connection(f"ws://127.0.0.1:{port}/api/websocket", timeout=TIMEOUT_S)
        self._id = 0
        self._inbox: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.raw.close()

    def send(self, message: Any) -> None:
        """A message as it is: texts verbatim, bytes as a binary frame, anything else as JSON."""
        if isinstance(message, bytes):
            self.raw.send_binary(message)
        else:
            self.raw.send(message if isinstance(message, str) else json.dumps(message))

    def receive(self, timeout_s: float = TIMEOUT_S) -> Any:
        """The next message; of a frame with a list its messages one by one.

        Raises:
            WebSocketClosed: there will be none.
            websocket.WebSocketTimeoutException: none came in time.
        """
        if self._inbox:
            return self._inbox.pop(0)
        message = self.receive_frame(timeout_s)
        if isinstance(message, list):
            self._inbox.extend(message)
            return self.receive(timeout_s)
        return message

    def receive_frame(self, timeout_s: float = TIMEOUT_S) -> Any:
        """The JSON of the next frame."""
        self.raw.settimeout(timeout_s)
        while True:
            try:
                opcode, data = self.raw.recv_data(control_frame=True)
            except (websocket.WebSocketConnectionClosedException, ConnectionError) as exc:
                raise WebSocketClosed(None) from exc
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                raise WebSocketClosed(int.from_bytes(data[:2], "big") if data else None)
            if opcode == websocket.ABNF.OPCODE_TEXT:
                return json.loads(data)

    def forget(self) -> None:
        """Drop what has come and was not asked for."""
        self._inbox.clear()

    def command(self, kind: str, **fields: Any) -> Any:
        """Send a command; its `result` message. What came before it stays in the inbox."""
        self._id += 1
        self.send({"id": self._id, "type": kind, **fields})
        return self.reply_to(self._id)

    def reply_to(self, message_id: int) -> Any:
        """The result or pong of the message with this id."""
        kept: list[Any] = []
        try:
            while True:
                message = self.receive()
                if message.get("id") == message_id and message["type"] in ("result", "pong"):
                    return message
                kept.append(message)
        finally:
            self._inbox[:0] = kept

    @property
    def last_id(self) -> int:
        """Of the latest command: a subscription's number."""
        return self._id

    def take_events(self, subscription: int) -> list[Any]:
        """Events of a subscription that have come already."""
        taken = [each for each in self._inbox if each.get("id") == subscription and each["type"] == "event"]
        self._inbox = [each for each in self._inbox if each not in taken]
        return taken

    def event(self, subscription: int, timeout_s: float = TIMEOUT_S) -> Any:
        """The next event of a subscription; other messages before it are dropped."""
        while True:
            message = self.receive(timeout_s)
            if message.get("id") == subscription and message["type"] == "event":
                return message["event"]


@contextmanager
def home_server(
    configuration: str = "",
    *,
    with_users: bool = True,
    prepare: Callable[[Running], None] | None = None,
    files: Mapping[str, str] | None = None,
    bridges: Collection[str] = (),
    **settings: Any,
) -> Iterator[HomeServer]:
    """A home that runs until the end of the block.

    Args:
        configuration: the text of its configuration.yaml.
        prepare: called before the start, for entities that have to be there first.
        files: more files beside it, by name; folders in names are made.
        bridges: kinds of bridges that start; none of the others does.
        settings: fields of `MargeSettings` that differ. `/` shows the page without a build unless `frontend` says
            otherwise, so that no test depends on what was built.
    """
    settings.setdefault("frontend", "basic")
    with TemporaryDirectory(prefix="marge-home-") as folder, keeping_problems():
        path = Path(folder)
        (path / "configuration.yaml").write_text(configuration, "utf-8")
        for name, text in (files or {}).items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_text(text, "utf-8")
        config = load_home(path, {})
        assert not config.fatal, config.fatal
        marge = dataclasses.replace(config.marge, http_host="127.0.0.1", http_port=0, **settings)
        running = QuietHome(dataclasses.replace(config, marge=marge))
        running.bridges = bridges
        try:
            if prepare is not None:
                prepare(running)
            running.start()
            server = HomeServer(running)
            if with_users:
                server.add_users()
            yield server
        finally:
            running.stop()


@contextmanager
def keeping_problems() -> Iterator[RecentProblems]:
    """Let `/api/error_log` have something to show, as `marge.log.configure` does."""
    processors = structlog.get_config()["processors"]
    ring = RecentProblems()
    processors.insert(-1, ring)
    try:
        yield ring
    finally:
        processors.remove(ring)
