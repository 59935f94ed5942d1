"""The way out for commands: what entities hold of the bridge. It outlives the bridge's actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.bridges.mqtt.messages import EntityGone, EntityRenamed, Publish
from marge.bridges.mqtt.templates import Templates

if TYPE_CHECKING:
    from marge.bridges.mqtt.discovery import DiscoveryKey
    from marge.home import Home


class BridgeOutlet:
    """Sends to whatever actor lives at `path` now. Callable from any actor's turn.

    Attributes:
        remembered: entity ids of discovered entities without a unique id.
    """

    def __init__(self, home: Home, path: str = "/bridges/mqtt") -> None:
        self.home = home
        self.path = path
        self.templates = Templates(home)
        self.remembered: dict[DiscoveryKey, str] = {}
        self.is_native: bool = home.config.marge.profile == "native"

    def send(self, message: Publish) -> None:
        """Tell the bridge to publish; lost (and counted with the dead letters) while there is none."""
        self.home.system.tell(self.path, message)

    def gone(self, entity_id: str) -> None:
        """Tell the bridge, if there is one, that somebody removed the entity."""
        if self.home.system.ref(self.path) is not None:
            self.home.system.tell(self.path, EntityGone(entity_id))

    def renamed(self, former_id: str, entity_id: str) -> None:
        """Tell the bridge, if there is one, that an entity goes by another id now."""
        if self.home.system.ref(self.path) is not None:
            self.home.system.tell(self.path, EntityRenamed(former_id, entity_id))
