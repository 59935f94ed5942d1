"""All zigbee2mqtts of a home, for everybody: which networks there are, whom a name means, who listens to events.

It outlives the bridge's actor, which is the only one that changes the networks. Not here: MQTT, registries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.bridges.mqtt_devices.zigbee2mqtt.facts import ZigbeeDevice
from marge.bridges.mqtt_devices.zigbee2mqtt.network import Network
from marge.bridges.mqtt_devices.zigbee2mqtt.requests import Requests
from marge.errors import InvalidRequest, NotFound

if TYPE_CHECKING:
    from marge.home import Home

DEFAULT_BASE = "zigbee2mqtt"
MAX_NETWORKS = 16
"""A house has one, a manor three. Whoever publishes to `<anything>/bridge/info` must not make more and more."""
MAX_LISTENERS = 1_000
_PREFIX = "zigbee2mqtt_"


class NetworkEvent(NamedTuple):
    """Something happened in a network. `data` is for JSON."""

    base: str
    type: str
    data: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"base_topic": self.base, "type": self.type, "data": dict(self.data)}


class Zigbee2Mqtt:
    """Offered as `home.shared["zigbee2mqtt"]`."""

    def __init__(self, home: Home, requests: Requests, bases: Iterable[str] = ()) -> None:
        self._home = home
        self.requests = requests
        self.configured = tuple(dict.fromkeys(bases))
        self.networks: dict[str, Network] = {}
        self._listeners: dict[int, Callable[[NetworkEvent], None]] = {}
        self._number = 0
        for base in self.configured or (DEFAULT_BASE,):
            self.add(base)

    def add(self, base: str) -> Network | None:
        """The network of this base topic, a new one if need be; None: there are too many."""
        if base not in self.networks:
            if len(self.networks) >= MAX_NETWORKS:
                return None
            self.networks[base] = Network(base, self._home.clock.now)
        return self.networks[base]

    def known(self) -> list[Network]:
        """Those that were ever heard of."""
        return [network for network in self.networks.values() if network.is_known]

    # -- whom a name means -------------------------------------------------------------------------------------------

    def network(self, base: str | None = None) -> Network:
        """The network of a base topic; without one the only one, or the usual one.

        Raises:
            NotFound: no such network.
            InvalidRequest: there are several, and none is named.
        """
        if base is not None:
            found = self.networks.get(base)
            if found is None:
                raise NotFound(f"No zigbee2mqtt with the base topic '{base}' is known")
            return found
        known = self.known() or list(self.networks.values())
        if len(known) > 1:
            names = ", ".join(f"'{network.base}'" for network in known)
            raise InvalidRequest(f"There are several zigbee2mqtts ({names}); name one as `network`")
        return known[0]

    def device(self, name: str, base: str | None = None) -> tuple[Network, ZigbeeDevice]:
        """The device that is meant by an IEEE address, a friendly name, or the id of its entry in the device registry.

        Raises:
            NotFound: no such device.
            InvalidRequest: several networks have one of that name.
        """
        networks = [self.network(base)] if base is not None else list(self.networks.values())
        entry = self._home.registries.devices.get(name)
        names = [name] if entry is None else [
            identifier.removeprefix(_PREFIX) for platform, identifier in entry.identifiers
            if platform == "mqtt" and identifier.startswith(_PREFIX)
        ]  # fmt: skip
        found = [
            (network, device) for network in networks for each in names if (device := network.find(each)) is not None
        ]
        if not found:
            raise NotFound(f"zigbee2mqtt has no device '{name}'")
        if len(found) > 1:
            where = ", ".join(f"'{network.base}'" for network, _device in found)
            raise InvalidRequest(f"Several zigbee2mqtts ({where}) have a device '{name}'; name one as `network`")
        return found[0]

    # -- events ------------------------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[NetworkEvent], None]) -> Callable[[], None]:
        """Call `listener` for each event; it must not wait. Returns the function that ends it.

        Raises:
            InvalidRequest: too many listen already.
        """
        if len(self._listeners) >= MAX_LISTENERS:
            raise InvalidRequest(f"more than {MAX_LISTENERS} listeners")
        self._number += 1
        number = self._number
        self._listeners[number] = listener

        def end() -> None:
            self._listeners.pop(number, None)

        return end

    def tell(self, event: NetworkEvent) -> None:
        """Tell everybody who listens."""
        for listener in list(self._listeners.values()):
            listener(event)
