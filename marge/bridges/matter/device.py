"""The Matter server's actor: one connection, an entity for each device of each node."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple
from urllib.parse import urlsplit

from marge.bridges.lan.address import Address
from marge.bridges.lan.device import LanDevice
from marge.bridges.lan.entity import Part
from marge.bridges.lan.family import LanFamily
from marge.bridges.matter.connection import MatterConnection
from marge.bridges.matter.entity import GiveConnection, Kind, MatterEntity, ShowNow
from marge.bridges.matter.kinds import kind_of
from marge.bridges.matter.node import Endpoint, Node
from marge.errors import HomeError, MargeError, Unreachable
from marge.integrations.lan import Found
from marge.integrations.matter import DOMAIN, url_of
from marge.util.breathe import SLICE_S, let_others_in
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home

ServerStatus = Literal["connected", "connecting", "disconnected", "not_running", "not_configured"]


class News(NamedTuple):
    """The server has told something, or the connection has ended."""


class MatterServer(LanDevice):
    """Keeps the connection to the server and shows its nodes. Entities send their commands over it by themselves.

    Attributes:
        server_status: for API replies. `not_running`: it was never reached since this actor's start.
        connection: the present one.
    """

    domain: ClassVar[str] = DOMAIN
    poll_s: ClassVar[float] = 30.0
    mailbox_limit = 10_000

    def __init__(self, home: Home, entry_id: str) -> None:
        super().__init__(home, entry_id)
        self.server_status: ServerStatus = "connecting"
        self.connection: MatterConnection | None = None
        self.server_version: str | None = None
        self._keys: dict[int, set[str]] = {}
        self._nodes: Mapping[int, Node] = {}
        self._facts: dict[int, dict[str, str | None]] = {}
        self._has_news = False
        self._is_new = False

    # -- the actor ---------------------------------------------------------------------------------------------------

    def on_receive(self, message: Any) -> Any:
        if isinstance(message, News):
            return self._poll()
        if isinstance(message, GiveConnection):
            if self.connection is None or self.connection.closed is not None:
                raise HomeError("The Matter server is not connected at the moment; try again in a few seconds")
            return self.connection
        if isinstance(message, ShowNow):
            if self._has_news:
                self._poll()
            self.home.entities.settle(message.entity_id)
            return None
        return super().on_receive(message)

    def refresh(self) -> None:
        has_news, self._has_news = self._has_news, False
        connection = self.connection
        if connection is None or connection.closed is not None:
            connection = self._connect()
        elif not has_news:
            connection.ask("server_info")
        self._show_changes(connection)
        if self._is_new:
            self._is_new = False
            self._sweep_network(connection)

    def disconnect(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()
        if self.server_status == "connected":
            self.server_status = "disconnected"
        elif self.server_status == "connecting":
            self.server_status = "not_running"

    @property
    def address(self) -> Address:
        parts = urlsplit(url_of(self.home, self.entry) or "")
        return Address(parts.hostname or "", parts.port)

    def figures(self) -> dict[str, Any]:
        return {**super().figures(), "server": self.server_status, "nodes": len(self._keys)}

    def _connect(self) -> MatterConnection:
        url = url_of(self.home, self.entry)
        if url is None:
            raise Unreachable("No address of a Matter server is configured")
        self.connection = None
        connection = MatterConnection(url, self._on_news, self._on_open)
        self.connection, self.server_status = connection, "connected"
        self.server_version, self._nodes = connection.version, connection.nodes
        self._is_new = True
        return connection

    def _on_open(self) -> None:
        self.server_status = "connecting"

    def _on_news(self) -> None:
        """In the connection's greenlet."""
        if not self._has_news:
            self._has_news = True  # one message for all news until it is taken
            self.system.tell(self.path, News())

    # -- nodes -------------------------------------------------------------------------------------------------------

    def _show_changes(self, connection: MatterConnection) -> None:
        turn_began = time.monotonic()
        while connection.changed:
            node_id = connection.changed.pop()
            node = connection.nodes.get(node_id)
            if node is None:
                self._forget_node(connection, node_id)
            else:
                self._show_node(connection, node)
            if time.monotonic() - turn_began > SLICE_S:
                let_others_in()
                turn_began = time.monotonic()

    def _show_node(self, connection: MatterConnection, node: Node) -> None:
        before, now = self._keys.get(node.node_id, set()), set[str]()
        facts = node.facts()
        if self._facts.get(node.node_id) != facts:
            self._facts[node.node_id] = facts
            self.register_device(identifiers=[(DOMAIN, f"{connection.fabric}-{node.node_id}")], **facts)
        for endpoint in node.endpoints():
            key = f"{connection.fabric}-{node.node_id}-{endpoint.number}"
            now.add(key)
            kind = kind_of(endpoint)
            shown = kind.fields(endpoint)
            shown["extra_attributes"] = _about(node, endpoint)
            available = node.available and endpoint.reachable
            self.show(key, lambda k=kind, e=endpoint: self._part(connection, node, k, e), available=available, **shown)  # type: ignore[misc]
        for key in before - now:
            if self.has(key):
                self.forget(key)
        self._keys[node.node_id] = now

    def _part(self, connection: MatterConnection, node: Node, kind: Kind, endpoint: Endpoint) -> Part:
        hub = (DOMAIN, f"{connection.fabric}-{node.node_id}")
        found = self.home.registries.devices.find([hub])
        device_id = None if found is None else found.id
        if endpoint.about:
            own = (DOMAIN, f"{hub[1]}-{endpoint.about}")
            device_id = self.register_device(identifiers=[own], via_device=hub, **node.facts(endpoint.about))
        entity = kind.make(self.home, endpoint)
        assert isinstance(entity, MatterEntity)
        entity.node_id, entity.endpoint = node.node_id, endpoint.number
        name = node.name(endpoint.about)
        if endpoint.is_alone:
            return Part(entity, f"matter_{slugify(name)}", None, device_id)
        return Part(entity, f"matter_{slugify(name)}_{endpoint.number}", str(endpoint.number), device_id)

    def _forget_node(self, connection: MatterConnection, node_id: int) -> None:
        """It was taken out of the network: so it goes here."""
        self._facts.pop(node_id, None)
        for key in self._keys.pop(node_id, set()):
            if self.has(key):
                self.forget(key)
        devices, prefix = self.home.registries.devices, f"{connection.fabric}-{node_id}"
        for device in list(devices.all()):
            names = [name for domain, name in device.identifiers if domain == DOMAIN]
            if any(name == prefix or name.startswith(f"{prefix}-") for name in names):
                self.home.registries.remove_device(device.id)

    def _sweep_network(self, connection: MatterConnection) -> None:
        """Forget what was taken out of this network while we were away. A server without a single node has rather lost
        its memory: then everything stays, and is unavailable."""
        if not connection.nodes:
            self.mark_unavailable()
            return
        prefix = f"{connection.fabric}-"
        gone = {node_id for node_id in self._keys if node_id not in connection.nodes}
        for entry in self.home.registries.entities.for_config_entry(self.entry_id):
            node, _, _ = entry.unique_id.removeprefix(prefix).partition("-")
            if entry.unique_id.startswith(prefix) and node.isdecimal() and int(node) not in connection.nodes:
                gone.add(int(node))
                if not self.has(entry.unique_id):
                    self.home.registries.entities.remove(entry.entity_id)
                    self.home.entities.remove_later(entry.entity_id)
        for node_id in gone:
            self._forget_node(connection, node_id)

    def listed(self) -> list[dict[str, Any]]:
        """The nodes for API replies, as they were known last. Quick, never waits."""
        return [self._listed(node) for node in sorted(self._nodes.values(), key=lambda node: node.node_id)]

    def _listed(self, node: Node) -> dict[str, Any]:
        facts = node.facts()
        keys = self._keys.get(node.node_id, set())
        return {
            "node_id": node.node_id, "name": facts["name"], "vendor": facts["manufacturer"], "product": facts["model"],
            "software_version": facts["sw_version"], "serial_number": facts["serial_number"],
            "available": node.available and self.server_status == "connected", "is_bridge": node.is_bridge,
            "entities": sorted(part.entity.entity_id for key in keys if (part := self._parts.get(key)) is not None),
        }  # fmt: skip

    def _unique_id(self, key: str) -> str:
        return key  # the network is part of it: who finds its server elsewhere has the same devices


class MatterFamily(LanFamily):
    """At most one server. An entry without an address has no actor: nothing is tried."""

    def start(self, entry_id: str) -> None:
        entry = self.home.registries.config_entries.get(entry_id)
        if entry is not None and url_of(self.home, entry) is not None:
            super().start(entry_id)

    def server(self) -> MatterServer | None:
        """The actor, for its figures only."""
        found = next((self.actor(entry) for entry in self.entries() if entry.state == "loaded"), None)
        return found if isinstance(found, MatterServer) else None


def try_url(url: str) -> str | None:
    """What the network behind the server at this URL is known by; None: there is no Matter server."""
    try:
        connection = MatterConnection(url, lambda: None)
    except MargeError:
        return None
    connection.close()
    return f"matter-{connection.fabric}"


def probe(_address: Address, _secrets: Mapping[str, str]) -> Found:
    """Servers are named by their URL, not by an address."""
    raise Unreachable("A Matter server is named by its URL")


def _about(node: Node, endpoint: Endpoint) -> dict[str, Any]:
    shown: dict[str, Any] = {"integration": DOMAIN, "node_id": node.node_id, "endpoint_id": endpoint.number}
    if endpoint.battery is not None:
        shown["battery_level"] = int(endpoint.battery)
    return shown
