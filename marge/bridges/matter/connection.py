"""A connection to a Matter server: its nodes as they are told, and commands with answers.

The protocol is that of python-matter-server and its successor: JSON over a WebSocket. Not here: entities.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import gevent
import structlog
from gevent.event import AsyncResult, Event
from gevent.lock import BoundedSemaphore

from marge.bridges.matter.node import Node, parse_node
from marge.errors import HomeError, Unreachable
from marge.model import dumps, loads
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

CONNECT_S, COMMAND_S, CLOSE_S = 4.0, 9.0, 0.5
LISTEN_S = 30.0
"""A server that has just started itself reads its nodes from the disk first."""
DEFAULT_PORT = 5580
SCHEMA = 11
"""The newest of the server's protocols that is known here; newer ones say whether they still speak this."""
OLDEST_SCHEMA = 5
MAX_MESSAGE = 32 << 20
"""Bytes. All nodes come in one message: about 40 kB each."""
LONG = 128 << 10
"""Characters. What is longer is read in parts: all of it at once would hold the others up."""
_LIST = re.compile(r'(\{\s*"message_id"\s*:\s*"[^"\\]{0,100}"\s*,\s*"result"\s*:\s*)\[\s*')
_NEXT = re.compile(r"\s*,?\s*")
MAX_NODES = 1_000
SIDE_BY_SIDE = 32
"""Commands on their way at the same time; the others wait for their turn. A radio network does not do more at once."""
MAX_WAITING = 2_000
log = structlog.get_logger("marge.bridges.matter")


class MatterConnection:
    """One connection. Opened by making it, which waits until all nodes are known.

    Attributes:
        info: what the server said of itself. nodes: by their ids. closed: why it is over; None: it is open.
        changed: ids of nodes that are different now; `on_news` was called for them. Who reads them empties it.
    """

    def __init__(self, url: str, on_news: Callable[[], None], on_open: Callable[[], None] = lambda: None) -> None:
        """Args:
            on_open: called when somebody has answered, before the nodes are known.

        Raises:
            Unreachable: nobody is there, or it is no Matter server that can be spoken with.
        """
        self.url = url
        self.info: Mapping[str, Any] = {}
        self.nodes: dict[int, Node] = {}
        self.changed: set[int] = set()
        self.closed: str | None = None
        self._on_news = on_news
        self._count = self._asking = 0
        self._waiting: dict[str, AsyncResult] = {}
        self._told = Event()
        self._turns = BoundedSemaphore(SIDE_BY_SIDE)
        self._socket = self._open()
        on_open()
        try:
            self.info = self._greeted()
            self._reader = gevent.spawn(self._read)
            for told in self._list(self.ask("start_listening", LISTEN_S)):
                self._take_node(told)
        except BaseException:
            self.close("it does not speak as a Matter server does")
            raise

    @property
    def version(self) -> str | None:
        """Of the server's Matter SDK."""
        found = self.info.get("sdk_version")
        return found[:100] if isinstance(found, str) else None

    @property
    def fabric(self) -> str:
        """Which of all Matter networks this is."""
        found = self.info.get("compressed_fabric_id")
        return str(found) if isinstance(found, int) else "0"

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, command: str, timeout_s: float = COMMAND_S, **arguments: Any) -> Any:
        """The result of a command. Several greenlets may ask at the same time.

        Raises:
            Unreachable: there is no answer. HomeError: the server, or the device, does not want to.
        """
        if self.closed is not None:
            raise Unreachable(f"The Matter server is not connected: {self.closed}")
        if self._asking >= MAX_WAITING:
            raise HomeError("The Matter server has too much to do; try again in a few seconds")
        self._asking += 1
        try:
            with self._turns:
                return self._ask(command, timeout_s, arguments)
        finally:
            self._asking -= 1

    def _ask(self, command: str, timeout_s: float, arguments: Mapping[str, Any]) -> Any:
        self._count += 1
        number = str(self._count)
        answer = self._waiting[number] = AsyncResult()
        try:
            self._send({"message_id": number, "command": command, "args": arguments})
            answer.wait(timeout_s)
            if not answer.ready():
                raise Unreachable("The Matter server does not answer in time")
            told: Mapping[str, Any] = answer.get()
        finally:
            self._waiting.pop(number, None)
        if "error_code" in told:
            details = told.get("details")
            text = details[:200] if isinstance(details, str) and details else f"error {told['error_code']}"
            raise HomeError(f"The Matter device did not do it: {text}")
        return told.get("result")

    def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until what is told makes it true; whether it has."""
        with gevent.Timeout(timeout_s, False):
            while not condition() and self.closed is None:
                self._told.wait()
        return condition()

    def close(self, reason: str = "closed") -> None:
        """Let go; does not wait. Who waits for an answer gets none."""
        if self.closed is not None:
            return
        self.closed = reason
        self._wake()
        gevent.spawn(self._socket.close)  # says good-bye, which may take a moment
        for answer in list(self._waiting.values()):
            answer.set_exception(Unreachable("The connection to the Matter server broke"))

    # -- the socket --------------------------------------------------------------------------------------------------

    def _open(self) -> ClientConnection:
        from websockets.exceptions import WebSocketException
        from websockets.sync.client import connect  # late: for homes with a Matter server only

        parts = urlsplit(self.url)
        plain: socket.socket | None = None
        try:
            default = 443 if parts.scheme == "wss" else 80
            plain = socket.create_connection((parts.hostname or "", parts.port or default), timeout=CONNECT_S)
            plain.settimeout(None)
            return connect(
                self.url, sock=plain, compression=None, max_size=MAX_MESSAGE, open_timeout=CONNECT_S,
                close_timeout=CLOSE_S,
            )  # fmt: skip
        except (OSError, ValueError, WebSocketException, EOFError) as exc:
            if plain is not None:
                plain.close()
            why = "what answers there is no WebSocket"
            if isinstance(exc, OSError) and exc.strerror:
                why = exc.strerror.lower()
            raise Unreachable(f"There is no Matter server at {self.url}: {why}") from exc

    def _greeted(self) -> Mapping[str, Any]:
        """The server speaks first: who it is."""
        from websockets.exceptions import WebSocketException

        try:
            info = loads(_bytes(self._socket.recv(timeout=CONNECT_S)))
        except (OSError, ValueError, WebSocketException, EOFError) as exc:
            raise Unreachable(f"What answers at {self.url} does not greet as a Matter server does") from exc
        schema = info.get("schema_version") if isinstance(info, dict) else None
        oldest = info.get("min_supported_schema_version", schema) if isinstance(info, dict) else None
        if not isinstance(schema, int) or not isinstance(oldest, int):
            raise Unreachable(f"What answers at {self.url} does not greet as a Matter server does")
        if schema < OLDEST_SCHEMA or oldest > SCHEMA:
            which = "old" if schema < OLDEST_SCHEMA else "new"
            raise Unreachable(f"The Matter server at {self.url} is too {which}: its protocol is {schema}, not {SCHEMA}")
        found: Mapping[str, Any] = info
        return found

    def _send(self, message: Mapping[str, Any]) -> None:
        from websockets.exceptions import WebSocketException

        try:
            self._socket.send(dumps(message).decode())
        except (OSError, WebSocketException) as exc:
            self.close("it does not take what is sent")
            raise Unreachable("The connection to the Matter server broke") from exc

    def _read(self) -> None:
        """In a greenlet of its own, until the connection ends."""
        from websockets.exceptions import WebSocketException

        try:
            while self.closed is None:
                self._take(parse(self._socket.recv()))
                let_others_in()  # where there is always more to read, reading would not let others in
            return
        except (OSError, WebSocketException, EOFError):
            reason = "the server closed the connection"
        except ValueError:
            reason = "the server sent what is no JSON"
        except Exception as exc:  # noqa: BLE001 - the border: what a stranger's server sends
            log.warning("a Matter server sent what cannot be understood", exc_info=exc)
            reason = "the server sent what cannot be understood"
        self.close(reason)
        self._on_news()

    # -- what is told ------------------------------------------------------------------------------------------------

    def _take(self, message: object) -> None:
        if not isinstance(message, dict):
            return
        if "event" in message:
            self._take_event(message["event"], message.get("data"))
            return
        answer = self._waiting.get(str(message.get("message_id")))
        if answer is not None:
            answer.set(message)

    def _take_event(self, event: object, data: Any) -> None:
        if event == "attribute_updated" and isinstance(data, list) and len(data) == 3:
            node = self.nodes.get(data[0]) if isinstance(data[0], int) else None
            if node is not None and isinstance(data[1], str):
                node.put(data[1], data[2])
                self._news(node.node_id)
        elif event in ("node_added", "node_updated"):
            self._take_node(data)
        elif event == "node_removed" and isinstance(data, int):
            if self.nodes.pop(data, None) is not None:
                self._news(data)
        elif event == "endpoint_removed" and isinstance(data, dict):
            node_id, endpoint = data.get("node_id"), data.get("endpoint_id")
            node = self.nodes.get(node_id) if isinstance(node_id, int) else None
            if node is not None and isinstance(endpoint, int):
                node.drop_endpoint(endpoint)
                self._news(node.node_id)
        elif event == "server_info_updated" and isinstance(data, dict):
            self.info = data

    def _take_node(self, told: object) -> None:
        node = parse_node(told)
        if node is None:
            return
        if node.node_id not in self.nodes and len(self.nodes) >= MAX_NODES:
            log.warning("a Matter node is left out: there are too many", node=node.node_id, limit=MAX_NODES)
            return
        self.nodes[node.node_id] = node
        self._news(node.node_id)

    def _news(self, node_id: int) -> None:
        self.changed.add(node_id)
        self._wake()
        self._on_news()

    def _wake(self) -> None:
        """Those who wait for news look again."""
        told, self._told = self._told, Event()
        told.set()

    @staticmethod
    def _list(value: object) -> list[Any]:
        if not isinstance(value, list):
            raise Unreachable("The Matter server does not list its nodes")
        return value


def parse(message: str | bytes) -> Any:
    """A message. The nodes of a long one are read one by one, with turns for others between them.

    Raises:
        ValueError: it is no JSON.
    """
    if isinstance(message, bytes) or len(message) < LONG:
        return loads(_bytes(message))
    head = _LIST.match(message)
    if head is None:
        return loads(_bytes(message))
    decoder, place = json.JSONDecoder(), head.end()
    result = []
    while message[place : place + 1] != "]":
        value, place = decoder.raw_decode(message, place)
        result.append(value)
        place = _NEXT.match(message, place).end()  # type: ignore[union-attr]  # it matches nothing, too
        let_others_in()
    told: dict[str, Any] = loads(_bytes(f"{head[1]}[]{message[place + 1 :]}"))
    told["result"] = result
    return told


def _bytes(message: str | bytes) -> bytes:
    return message.encode() if isinstance(message, str) else message
