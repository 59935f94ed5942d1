"""`marge simulate matter`: a Matter server with nodes, as its WebSocket shows them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import click
import orjson
import structlog
from websockets.exceptions import WebSocketException
from websockets.sync.server import Server, ServerConnection, serve

from marge.simulate.families._matter_nodes import CommandFailed, Node, demo_nodes
from marge.simulate.families._serving import run_until_told

log = structlog.get_logger("marge.simulate")

SCHEMA, OLDEST_SCHEMA = 11, 9
SDK_VERSION = "2026.1.0"
MAX_CLIENTS = 20
MAX_MESSAGE = 1 << 20
UNKNOWN_ERROR, NODE_NOT_EXISTS, SDK_STACK_ERROR, INVALID_ARGUMENTS, INVALID_COMMAND = 0, 5, 7, 8, 9


class Failed(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, details: str) -> None:
        super().__init__(details)
        self.code = code


class MatterServer:
    """The server and its nodes. What happens to nodes goes through `change`, `add` and `remove`: listeners hear of it.

    Attributes:
        commands: those that devices were sent, the latest last, for who wants to look.
        schema, oldest_schema: what it tells of its protocol.
    """

    def __init__(self, nodes: list[Node], host: str, port: int, schema: int = SCHEMA) -> None:
        self.nodes = {node.node_id: node for node in nodes}
        self.schema, self.oldest_schema = schema, min(OLDEST_SCHEMA, schema)
        self.commands: list[dict[str, Any]] = []
        self._wanted = (host, port)
        self._server: Server | None = None
        self._clients: set[ServerConnection] = set()
        self._listeners: set[ServerConnection] = set()
        self._lock = threading.RLock()

    @property
    def address(self) -> tuple[str, int]:
        if self._server is None:
            return self._wanted
        host, port = self._server.socket.getsockname()[:2]
        return str(host), int(port)

    @property
    def url(self) -> str:
        return "ws://{}:{}/ws".format(*self.address)

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def start(self) -> None:
        """Listen from now on.

        Raises:
            OSError: the address cannot be had.
        """
        self._server = serve(self._serve, *self._wanted, max_size=MAX_MESSAGE, compression=None)
        self._wanted = self.address
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    @staticmethod
    def _accept(server: Server) -> None:
        """Not the server's own loop: that leaves a watched pipe behind, which keeps gevent's loop busy for ever."""
        while True:
            try:
                connection, address = server.socket.accept()
            except OSError:
                return
            threading.Thread(target=server.handler, args=(connection, address), daemon=True).start()

    def stop(self) -> None:
        """As when the process ends: listeners are told, connections close."""
        self._tell("server_shutdown", {})
        self.drop()

    def drop(self) -> None:
        """As when the network breaks: nobody is told."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError):
                server.socket.shutdown(socket.SHUT_RDWR)  # whoever accepts there stops waiting
            server.socket.close()
        for client in list(self._clients):
            client.close_socket()

    # -- what happens ------------------------------------------------------------------------------------------------

    def change(self, node_id: int, attributes: Mapping[str, Any], available: bool | None = None) -> None:
        """The physical world: these attributes are so now."""
        with self._lock:
            node = self.nodes[node_id]
            if available is not None and available != node.available:
                node.available = available
                self._tell("node_updated", node.as_dict())
            self._tell_changes(node, node.set(attributes))

    def add(self, node: Node) -> None:
        """Somebody commissions it."""
        with self._lock:
            self.nodes[node.node_id] = node
            self._tell("node_added", node.as_dict())

    def remove(self, node_id: int) -> None:
        """Somebody takes it out of the fabric."""
        with self._lock:
            del self.nodes[node_id]
            self._tell("node_removed", node_id)

    def info(self) -> dict[str, Any]:
        return {
            "fabric_id": 1, "compressed_fabric_id": 1_234_567_890_123, "schema_version": self.schema,
            "min_supported_schema_version": self.oldest_schema, "sdk_version": SDK_VERSION,
            "wifi_credentials_set": False, "thread_credentials_set": False, "bluetooth_enabled": False,
        }  # fmt: skip

    def _tell(self, event: str, data: Any) -> None:
        message = orjson.dumps({"event": event, "data": data}).decode()
        for client in list(self._listeners):
            _send(client, message)

    def _tell_changes(self, node: Node, news: Mapping[str, Any]) -> None:
        for path, value in news.items():
            self._tell("attribute_updated", [node.node_id, path, value])

    # -- a client ----------------------------------------------------------------------------------------------------

    def _serve(self, client: ServerConnection) -> None:
        path = client.request.path if client.request is not None else ""
        if path != "/ws" or len(self._clients) >= MAX_CLIENTS:
            client.close(1008, "only /ws is served, and only so many")
            return
        self._clients.add(client)
        try:
            _send(client, orjson.dumps(self.info()).decode())
            for text in client:
                with self._lock:
                    answer = self._answer(client, text)
                    if answer is None:
                        break
                    _send(client, orjson.dumps(answer).decode())
        except (WebSocketException, OSError) as error:
            log.debug("a client went away", reason=str(error))
        finally:
            self._clients.discard(client)
            self._listeners.discard(client)

    def _answer(self, client: ServerConnection, text: str | bytes) -> dict[str, Any] | None:
        """None: what came is no message, and the connection ends."""
        try:
            message = orjson.loads(text)
            message_id, command = message["message_id"], message["command"]
        except (ValueError, TypeError, KeyError):
            log.info("no message of this protocol")
            return None
        arguments = message.get("args")
        try:
            handler = _COMMANDS.get(command) if isinstance(command, str) else None
            if handler is None:
                raise Failed(INVALID_COMMAND, f"Invalid command: {command}")
            try:
                result = handler(self, client, arguments if isinstance(arguments, dict) else {})
            except (KeyError, TypeError, ValueError) as exc:
                raise Failed(INVALID_ARGUMENTS, f"Invalid arguments: {exc}") from exc
            except CommandFailed as exc:
                raise Failed(SDK_STACK_ERROR, str(exc)) from exc
        except Failed as failed:
            return {"message_id": message_id, "error_code": failed.code, "details": str(failed)}
        return {"message_id": message_id, "result": result}

    def _node(self, arguments: Mapping[str, Any]) -> Node:
        node = self.nodes.get(arguments["node_id"])
        if node is None:
            raise Failed(NODE_NOT_EXISTS, f"Node {arguments['node_id']} does not exist or is not yet interviewed")
        return node

    def _listen(self, client: ServerConnection) -> list[dict[str, Any]]:
        self._listeners.add(client)
        return [node.as_dict() for node in self.nodes.values()]

    def _device_command(self, arguments: Mapping[str, Any]) -> None:
        node = self._node(arguments)
        self.commands = [*self.commands[-99:], dict(arguments)]
        news = node.command(
            int(arguments["endpoint_id"]), int(arguments["cluster_id"]), str(arguments["command_name"]),
            arguments["payload"], arguments.get("timed_request_timeout_ms") is not None,
        )  # fmt: skip
        self._tell_changes(node, news)

    def _write(self, arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        node, path = self._node(arguments), str(arguments["attribute_path"])
        if path not in node.attributes:
            raise CommandFailed("InteractionModelError: UnsupportedAttribute (0x86)")
        self._tell_changes(node, node.set({path: arguments["value"]}))
        endpoint, cluster, attribute = (int(part) for part in path.split("/"))
        return [{"Path": {"EndpointId": endpoint, "ClusterId": cluster, "AttributeId": attribute}, "Status": 0}]

    def _simulate(self, arguments: Mapping[str, Any]) -> None:
        self._node(arguments)
        self.change(arguments["node_id"], dict(arguments.get("attributes") or {}), arguments.get("available"))


Handler = Callable[[MatterServer, ServerConnection, Mapping[str, Any]], Any]
_COMMANDS: Mapping[str, Handler] = {
    "start_listening": lambda server, client, _arguments: server._listen(client),
    "server_info": lambda server, _client, _arguments: server.info(),
    "get_nodes": lambda server, _client, _arguments: [node.as_dict() for node in server.nodes.values()],
    "get_node": lambda server, _client, arguments: server._node(arguments).as_dict(),
    "read_attribute": lambda server, _client, arguments: {
        arguments["attribute_path"]: server._node(arguments).attributes.get(arguments["attribute_path"])
    },
    "write_attribute": lambda server, _client, arguments: server._write(arguments),
    "device_command": lambda server, _client, arguments: server._device_command(arguments),
    "remove_node": lambda server, _client, arguments: server.remove(server._node(arguments).node_id),
    "simulate": lambda server, _client, arguments: server._simulate(arguments),
}


def _send(client: ServerConnection, text: str) -> None:
    try:
        client.send(text)
    except (WebSocketException, OSError) as error:
        log.debug("a client went away", reason=str(error))


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=5580, show_default=True, help="Port of the WebSocket; 0: any.")
def command(host: str, port: int) -> None:
    """A Matter server with eleven nodes: lamps, a plug, a lock, a thermostat, a blind, sensors, a bridge.

    Beside the real commands there is `simulate`: {"node_id": 6, "attributes": {"1/69/0": false}} opens the door, and
    "available": false takes a node away.
    """
    try:
        run_until_told(MatterServer(demo_nodes(), host, port))
    except OSError as error:
        text = f"{host}:{port} cannot be listened at: {error}. Choose another --host or --port."
        raise click.ClickException(text) from error
