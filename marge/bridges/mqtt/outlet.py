"""The way out for commands: what entities hold of the bridge. It outlives the bridge's actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.bridges.mqtt.from_files import SECTION
from marge.bridges.mqtt.heard import SentBook
from marge.bridges.mqtt.messages import EntityGone, EntityRenamed, Publish
from marge.bridges.mqtt.templates import Templates

if TYPE_CHECKING:
    from marge.bridges.mqtt.discovery import DiscoveryKey
    from marge.home import Home


class BridgeOutlet:
    """Sends to whatever actor lives at `path` now. Callable from any actor's turn.

    Attributes:
        section: `mqtt:` of the files, as it was last read.
        sent: what entities sent lately.
        remembered: entity ids of discovered entities without a unique id.
    """

    def __init__(self, home: Home, path: str = "/bridges/mqtt") -> None:
        self.home = home
        self.path = path
        self.templates = Templates(home)
        self.remembered: dict[DiscoveryKey, str] = {}
        self.sent = SentBook()
        self.section: Any = home.config.sections.get(SECTION)
        self.is_native: bool = home.config.marge.profile == "native"

    def send(self, message: Publish, entity_id: str) -> None:
        """Tell the bridge to publish for an entity; lost (and counted with the dead letters) while there is none."""
        self.sent.note(entity_id, message.topic, message.payload, message.qos, message.retain)
        self.home.system.tell(self.path, message)

    def gone(self, entity_id: str) -> None:
        """Tell the bridge, if there is one, that somebody removed the entity."""
        if self.home.system.ref(self.path) is not None:
            self.home.system.tell(self.path, EntityGone(entity_id))

    def renamed(self, former_id: str, entity_id: str) -> None:
        """Tell the bridge, if there is one, that an entity goes by another id now."""
        if self.home.system.ref(self.path) is not None:
            self.home.system.tell(self.path, EntityRenamed(former_id, entity_id))
