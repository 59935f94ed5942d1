"""Entities of Matter devices: commands go to the server side by side, since one may take its device seconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from marge.actors import Future
from marge.bridges.lan.entity import LanEntity
from marge.bridges.matter.node import Endpoint
from marge.domains.calendar import answered
from marge.entities import Entity
from marge.errors import HomeError

if TYPE_CHECKING:
    from marge.bridges.matter.connection import MatterConnection
    from marge.home import Home

TELL_S = 2.0
"""How long the news of a command may take before the caller goes on without them."""
TIMED_MS = 1_000


@dataclass(frozen=True, slots=True)
class Call:
    """One command for a device, or one attribute to write.

    Attributes:
        name: of the command; "": `payload` is the value of the attribute `attribute`.
        expects: what attributes of the cluster are afterwards, as far as that is known.
        timed: it wants a timed interaction: locks do.
    """

    cluster: int
    name: str = ""
    payload: Any = field(default_factory=dict)
    attribute: int = 0
    expects: Mapping[int, Any] = field(default_factory=dict)
    timed: bool = False


class GiveConnection(NamedTuple):
    """Reply: the connection to the server.

    Raises:
        HomeError: there is none at the moment.
    """


class ShowNow(NamedTuple):
    """Show what is new now; reply, then."""

    entity_id: str


class MatterEntity(LanEntity):
    """Mixed into a domain's entity.

    Attributes:
        node_id, endpoint: which device it is.
    """

    node_id: int = 0
    endpoint: int = 0

    def ask(self, *calls: Call) -> Future:
        """Have these done, one after the other; the caller of the service waits."""
        link = self.link
        if link is None:
            raise HomeError(f"{self.entity_id} has no device")

        def perform() -> None:
            connection: MatterConnection = link.system.ask(link.path, GiveConnection())
            for call in calls:
                self._perform(connection, call)
            connection.wait_until(lambda: self._is_so(connection, calls), TELL_S)
            link.system.ask(link.path, ShowNow(self.entity_id))

        return answered(perform)

    def _perform(self, connection: MatterConnection, call: Call) -> None:
        if not call.name:
            path = f"{self.endpoint}/{call.cluster}/{call.attribute}"
            connection.ask("write_attribute", node_id=self.node_id, attribute_path=path, value=call.payload)
            return
        more = {"timed_request_timeout_ms": TIMED_MS} if call.timed else {}
        connection.ask(
            "device_command", node_id=self.node_id, endpoint_id=self.endpoint, cluster_id=call.cluster,
            command_name=call.name, payload=call.payload, **more,
        )  # fmt: skip

    def _is_so(self, connection: MatterConnection, calls: tuple[Call, ...]) -> bool:
        node = connection.nodes.get(self.node_id)
        return node is None or all(
            node.attributes.get(f"{self.endpoint}/{call.cluster}/{attribute}") == value
            for call in calls
            for attribute, value in call.expects.items()
        )


Fields: TypeAlias = dict[str, Any]


class Kind(NamedTuple):
    """Which entity a device type becomes.

    Attributes:
        device_types: Matter's numbers; empty: for all others.
        make: a new entity for an endpoint.
        fields: what it shows.
    """

    device_types: frozenset[int]
    make: Callable[[Home, Endpoint], Entity]
    fields: Callable[[Endpoint], Fields]
