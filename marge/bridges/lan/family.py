"""The devices of one kind: who they are, how they are added, and the supervisor above their actors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import gevent
import pykka
from gevent.lock import BoundedSemaphore

from marge.actors import ChildSpec, Restart, Supervisor
from marge.bridges.base import BACKOFF
from marge.bridges.lan.address import Address, parse_address
from marge.bridges.lan.device import LanDevice, Refresh
from marge.errors import AlreadyExists, InvalidRequest, MargeError, NotFound, Unreachable
from marge.integrations.base import SHARED as ENTRY_HOST
from marge.integrations.lan import SHARED, Found, keep
from marge.model import Event
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

BRIDGES = "/bridges"
MAX_DEVICES = 500
"""Of one family. A house has a few dozen; each costs an actor and a connection now and then."""
MAX_PROBES = 4
"""At the same time, of one family; who comes later waits for a moment, then is refused."""
PROBE_WAIT_S, PROBE_S = 0.5, 4.0
"""For a place among those, and for the whole of a probe: the caller has an answer within five seconds."""
FIRST_CONTACT_S = 4.0
STOP_S = 3.0
DEVICE_UPDATED = "device_registry_updated"

Probe = Callable[[Address, Mapping[str, str]], Found]
"""Asks an address who is there. Waits.

Raises:
    Unreachable, CredentialsNeeded: as they say.
"""


class LanFamily:
    """The devices of one domain. In `home.shared["lan_families"]` by its domain.

    Args:
        device: the actor of one config entry.
        probe: as `Probe` says.
    """

    def __init__(self, home: Home, domain: str, device: type[LanDevice], probe: Probe) -> None:
        self.home, self.domain = home, domain
        self.path = f"{BRIDGES}/{domain}"
        self._device, self._probe = device, probe
        self._probes = BoundedSemaphore(MAX_PROBES)
        home.shared.setdefault(SHARED, {})[domain] = self
        home.bus.subscribe(self._device_changed, DEVICE_UPDATED)

    # -- adding ------------------------------------------------------------------------------------------------------

    def probe(self, host: str, secrets: Mapping[str, str]) -> Found:
        """Who is at this address. Waits less than five seconds, in the caller's greenlet.

        Raises:
            InvalidRequest: it is no address. Unreachable: nobody, or somebody else. CredentialsNeeded: as it says.
        """
        address = parse_address(host)
        if not self._probes.acquire(timeout=PROBE_WAIT_S):
            raise Unreachable("Too many addresses are being tried at the same time; try again in a moment")
        try:
            with gevent.Timeout(PROBE_S, TimeoutError()):
                return self._probe(address, secrets)
        except TimeoutError as exc:
            raise Unreachable(f"{address} does not answer in time") from exc
        finally:
            self._probes.release()

    def add(self, found: Found) -> ConfigEntry:
        """Keep a device that was found. Waits until its entry is set up and its first contact has been made or failed.

        Raises:
            InvalidRequest: there are too many already. Unreachable: the server is still starting.
        """
        if ENTRY_HOST not in self.home.shared:
            raise Unreachable("The server is still starting; try again in a moment")
        known = self.entries()
        if len(known) >= MAX_DEVICES and all(each.unique_id != found.unique_id for each in known):
            raise InvalidRequest(f"There are {MAX_DEVICES} devices of this kind already")
        entry = keep(self.home, self.domain, found)
        self._meet(entry)
        return entry

    def _meet(self, entry: ConfigEntry) -> None:
        """Wait until the first contact has been made or failed; then the actor goes on trying by itself."""
        with suppress(MargeError, pykka.Timeout, pykka.ActorDeadError):
            self.home.system.ask(f"{self.path}/{self._name(entry)}", Refresh(), timeout=FIRST_CONTACT_S)

    # -- the actors --------------------------------------------------------------------------------------------------

    def specs(self) -> list[ChildSpec]:
        """The supervisor, where there is something to supervise."""
        return [self._supervisor()] if self.entries() else []

    def attach(self, entry_id: str) -> None:
        """Give an entry its actor, unless it has one; waits for the first contact. Before the bridges are started
        nothing happens: their start finds the entry."""
        system = self.home.system
        if system.ref(self.path) is None:
            if system.ref(BRIDGES) is None:
                return
            with suppress(AlreadyExists):  # somebody else was quicker
                system.spawn(self._supervisor(), BRIDGES)
        self.start(entry_id)
        entry = self.home.registries.config_entries.get(entry_id)
        if entry is not None:
            self._meet(entry)

    def start(self, entry_id: str) -> None:
        """As `attach`, with the supervisor there."""
        entry = self.home.registries.config_entries.get(entry_id)
        name = None if entry is None else self._name(entry)
        if entry is None or name is None or self.home.system.ref(f"{self.path}/{name}") is not None:
            return
        spec = ChildSpec(
            name, self._device, (self.home, entry_id), restart=Restart.TRANSIENT, backoff=BACKOFF, shutdown_s=1.0
        )
        with suppress(AlreadyExists):
            self.home.system.spawn(spec, self.path)

    def detach(self, entry_id: str) -> None:
        """End an entry's actor; waits until it has ended."""
        entry = self.home.registries.config_entries.get(entry_id)
        if entry is None or self.home.system.ref(self.path) is None:
            return
        self.home.system.remove(f"{self.path}/{self._name(entry)}", STOP_S)

    def entries(self) -> list[ConfigEntry]:
        """Of all devices that are known."""
        return self.home.registries.config_entries.for_domain(self.domain)

    def actor(self, entry: ConfigEntry) -> LanDevice | None:
        """The actor, for its figures only."""
        found = self.home.system.actor(f"{self.path}/{self._name(entry)}")
        return found if isinstance(found, LanDevice) else None

    def listed(self) -> list[dict[str, Any]]:
        """The devices as API replies show them. Those that have never answered since the start show what is kept."""
        shown = []
        for entry in self.entries():
            actor = self.actor(entry)
            online = actor is not None and actor.status == "running"
            told: dict[str, Any] = {"name": entry.title, **({} if actor is None else actor.shown()), "online": online}
            if actor is not None and not online and actor.last_error is not None:
                told["last_error"] = actor.last_error
            shown.append(told)
        return shown

    def diagnostics(self, entry_id: str) -> Mapping[str, Any]:
        """What helps to find a fault: the actor's figures."""
        entry = self.home.registries.config_entries.get(entry_id)
        actor = None if entry is None else self.actor(entry)
        return {} if actor is None else {"actor": actor.describe(), "device": actor.shown()}

    def _supervisor(self) -> ChildSpec:
        return ChildSpec(self.domain, FamilySupervisor, (self,), backoff=BACKOFF, shutdown_s=STOP_S)

    def _name(self, entry: ConfigEntry) -> str:
        return slugify(entry.unique_id or entry.entry_id)

    # -- forgetting --------------------------------------------------------------------------------------------------

    def _device_changed(self, event: Event) -> None:
        """Who removes a device from the registry forgets it. On the bus: the rest runs in a greenlet of its own."""
        if event.data.get("action") != "remove":
            return
        for entry in self.entries():
            actor = self.actor(entry)
            if actor is not None and actor.device_id == event.data.get("device_id"):
                gevent.spawn(self._forget, entry.entry_id)

    def _forget(self, entry_id: str) -> None:
        from marge.integrations.host import host_of

        with suppress(NotFound):  # the entry went first, and took the device along
            host_of(self.home).remove(entry_id)


def known(home: Home, domain: str) -> LanFamily | None:
    """The family, when it has been made already."""
    found = home.shared.get(SHARED, {}).get(domain)
    return found if isinstance(found, LanFamily) else None


class FamilySupervisor(Supervisor):
    """Above the devices of one family: one that fails, or hangs, is no concern of the others."""

    def __init__(self, family: LanFamily, **more: Any) -> None:
        super().__init__(stop_together=True, **more)
        self.family = family
        self._started = self.system.clock.monotonic()

    def on_start(self) -> None:
        super().on_start()
        for entry in self.family.entries():
            if entry.state == "loaded":
                self.family.start(entry.entry_id)

    def describe(self) -> dict[str, Any]:
        """Health of the whole family, for `GET /api/health`."""
        actors = [self.family.actor(entry) for entry in self.family.entries() if entry.state == "loaded"]
        living = [actor for actor in actors if actor is not None]
        away = [actor for actor in living if actor.status not in ("running", "starting")]
        unreachable = len(away) + len(actors) - len(living)
        status = "starting" if any(actor.status == "starting" for actor in living) else "running"
        errors = [actor.last_error for actor in away if actor.last_error]
        return {
            **super().describe(),
            "status": "degraded" if unreachable else status,
            "entities": sum(len(actor.entity_ids()) for actor in living),
            "uptime_s": round(self.system.clock.monotonic() - self._started, 1),
            "last_error": errors[0] if errors else None,
            "devices": len(actors),
            "unreachable": unreachable,
        }
