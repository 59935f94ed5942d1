"""Runs the config entries: sets them up, unloads, reloads, disables and removes them, one change of an entry at a time.

Its methods wait: they are called in a request's greenlet or at start, never in an actor's turn on the dispatcher.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import gevent
import pykka
import structlog
from gevent.lock import RLock

from marge.actors import ActorRef, ChildSpec, Supervisor, Timer
from marge.components import report_to
from marge.entities import Entity, Report
from marge.errors import InvalidRequest, MargeError, NotFound, Unavailable
from marge.integrations.base import SHARED, Integration, NotReady, find_integrations
from marge.integrations.yaml_entities import YamlEntities
from marge.registries import ConfigEntry
from marge.util.breathe import let_others_in
from marge.util.parts import BrokenPart

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.integrations")

PATH = "/integrations"
RETRY_PAUSES_S = (5.0, 10.0, 20.0, 40.0, 80.0)
"""Before an entry that was not ready is tried again; the last one is kept."""
FIRST_STATE_TIMEOUT_S = 5.0
BY_CONFIG_ENTRY = "config_entry"
_ENTRIES_A_TURN = 10


@dataclass(slots=True)
class _Running:
    """What one entry has, while it is set up."""

    entities: list[Entity] = field(default_factory=list)
    cancels: list[Callable[[], None]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    value: Any = None


class EntryHost:
    """The config entries of one home, in `home.shared["entry_host"]`.

    Attributes:
        integrations: by domain.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self.integrations = find_integrations(report_to(home))
        self._entries = home.registries.config_entries
        self._running: dict[str, _Running] = {}
        self._locks: dict[str, RLock] = {}
        self._retries: dict[str, Timer] = {}
        self._tries: dict[str, int] = {}
        home.shared[SHARED] = self

    # -- start -------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the entries that this home has anyway, then set up all of them. One that fails does not stop others."""
        self.home.system.spawn(ChildSpec(PATH.strip("/"), Supervisor))
        for integration in self.integrations.values():
            try:
                if integration.start is not None:
                    integration.start(self.home)
                self._import(integration)
            except Exception as exc:  # noqa: BLE001 - the border: one integration
                log.error("an integration could not be started", integration=integration.domain, exc_info=exc)
                report_to(self.home)(BrokenPart(f"marge.integrations.{integration.domain}", repr(exc)))
            let_others_in()  # the front door is open already
        YamlEntities(self.home).start()
        for number, entry in enumerate(self._entries.all(), 1):
            self.setup(entry.entry_id, wait=False)
            if number % _ENTRIES_A_TURN == 0:
                let_others_in()  # the front door is open already

    def _import(self, integration: Integration) -> None:
        wanted = None if integration.imported is None else integration.imported(self.home)
        if wanted is not None:
            self._entries.get_or_create(
                integration.domain, wanted.title, wanted.source, data=wanted.data, options=wanted.options
            )

    def onboard(self) -> None:
        """A new home gets the entries that every home begins with."""
        for integration in self.integrations.values():
            if integration.onboarding is not None and not self._entries.for_domain(integration.domain):
                entry = self._entries.create(integration.domain, integration.onboarding, "onboarding")
                self.setup(entry.entry_id)

    # -- changes of an entry -----------------------------------------------------------------------------------------

    def setup(self, entry_id: str, wait: bool = True) -> ConfigEntry:
        """Set the entry up, unless it is loaded, disabled or ignored. Failures are in its `state` and `reason`.

        Args:
            wait: until its entities show their first states.

        Raises:
            NotFound: no such entry.
        """
        with self._lock(entry_id):
            entry = self.need(entry_id)
            if entry.state == "loaded" or entry.disabled_by is not None or entry.source == "ignore":
                return entry
            self._forget_retry(entry_id)
            integration = self.integrations.get(entry.domain)
            if integration is None:
                return self._entries.update(entry_id, state="setup_error", reason="Integration not found")
            entry = self._entries.update(entry_id, state="setup_in_progress", reason=None, **_abilities(integration))
            running = self._running[entry_id] = _Running()
            began = self.home.clock.monotonic()
            try:
                integration.setup(self.home, entry)
                took = self.home.shared.setdefault("setup_seconds", {})
                took[entry.domain] = took.get(entry.domain, 0.0) + self.home.clock.monotonic() - began
            except NotReady as exc:
                self._undo(entry_id, running)
                entry = self._entries.update(entry_id, state="setup_retry", reason=str(exc) or None)
                self._retry_later(entry_id)
                log.warning("an entry is not ready yet", integration=entry.domain, title=entry.title, reason=str(exc))
                return entry
            except Exception as exc:  # noqa: BLE001 - the border: one entry
                self._undo(entry_id, running)
                log.error("an entry could not be set up", integration=entry.domain, title=entry.title, exc_info=exc)
                known = str(exc) if isinstance(exc, MargeError) else None
                return self._entries.update(entry_id, state="setup_error", reason=known)
            self._tries.pop(entry_id, None)
            entry = self._entries.update(entry_id, state="loaded", reason=None)
        if wait:
            self._wait_for_states([each.entity_id for each in running.entities])
        return entry

    def unload(self, entry_id: str) -> ConfigEntry:
        """End what the entry runs; its entities stay as unavailable placeholders.

        Raises:
            NotFound: no such entry.
        """
        with self._lock(entry_id):
            entry = self.need(entry_id)
            self._forget_retry(entry_id)
            if entry.state in ("setup_retry", "setup_error", "not_loaded"):
                return self._entries.update(entry_id, state="not_loaded", reason=None)
            self._entries.update(entry_id, state="unload_in_progress", reason=None)
            integration = self.integrations.get(entry.domain)
            try:
                if integration is not None and integration.unload is not None:
                    integration.unload(self.home, entry)
            except Exception as exc:  # noqa: BLE001 - the border: one entry
                log.error("an entry could not be unloaded", integration=entry.domain, title=entry.title, exc_info=exc)
                return self._entries.update(entry_id, state="failed_unload", reason=str(exc) or None)
            running = self._running.pop(entry_id, None)
            if running is not None:
                self._end(running)
            return self._entries.update(entry_id, state="not_loaded")

    def reload(self, entry_id: str) -> bool:
        """Unload and set up again. False: it does not support that, a restart of the server is needed.

        Raises:
            NotFound: no such entry.
        """
        with self._lock(entry_id):
            entry = self.need(entry_id)
            if not self._can_unload(entry):
                return False
            if self.unload(entry_id).state == "failed_unload":
                return False
            self.setup(entry_id)
            return True

    def set_disabled(self, entry_id: str, disabled_by: str | None) -> bool:
        """Disable the entry with its devices and entities, or enable them again. False: a restart is needed.

        Raises:
            NotFound: no such entry.
        """
        with self._lock(entry_id):
            entry = self.need(entry_id)
            if entry.disabled_by == disabled_by:
                return True
            done = True
            if disabled_by is not None:
                done = self._can_unload(entry) and self.unload(entry_id).state != "failed_unload"
            self._entries.update(entry_id, disabled_by=disabled_by)
            self._disable_all(entry_id, BY_CONFIG_ENTRY if disabled_by is not None else None)
            if disabled_by is None:
                self.setup(entry_id)
            return done

    def remove(self, entry_id: str) -> bool:
        """Remove the entry with its entities and devices. False: a restart is needed to be rid of what it runs.

        Raises:
            NotFound: no such entry.
        """
        with self._lock(entry_id):
            entry = self.need(entry_id)
            done = self._can_unload(entry)
            if done:
                done = self.unload(entry_id).state != "failed_unload"
            registries = self.home.registries
            integration = self.integrations.get(entry.domain)
            if integration is not None and integration.removed is not None:
                try:
                    integration.removed(self.home, entry)
                except Exception as exc:  # noqa: BLE001 - the border: what is left over must not keep the entry
                    log.error("an entry left something behind", integration=entry.domain, exc_info=exc)
            for each in registries.entities.for_config_entry(entry_id):
                registries.entities.remove(each.entity_id)
                self.home.entities.remove(each.entity_id)
            self._release_devices(entry_id)
            self._entries.remove(entry_id)
        self._locks.pop(entry_id, None)
        return done

    def need(self, entry_id: str) -> ConfigEntry:
        """The entry.

        Raises:
            NotFound: no such entry.
        """
        entry = self._entries.get(entry_id)
        if entry is None:
            raise NotFound("Config entry not found")
        return entry

    # -- for integrations, while they set up -------------------------------------------------------------------------

    def running(self, entry_id: str) -> _Running:
        """What the entry has.

        Raises:
            InvalidRequest: it is not being set up, and not loaded.
        """
        running = self._running.get(entry_id)
        if running is None:
            raise InvalidRequest("the entry is not set up")
        return running

    # -- parts -------------------------------------------------------------------------------------------------------

    def _lock(self, entry_id: str) -> RLock:
        return self._locks.setdefault(entry_id, RLock())

    def _can_unload(self, entry: ConfigEntry) -> bool:
        if entry.state == "failed_unload":
            return False
        integration = self.integrations.get(entry.domain)
        return entry.state != "loaded" or integration is None or integration.supports_unload

    def _undo(self, entry_id: str, running: _Running) -> None:
        self._running.pop(entry_id, None)
        self._end(running)

    def _end(self, running: _Running) -> None:
        for cancel in reversed(running.cancels):
            try:
                cancel()
            except Exception as exc:  # noqa: BLE001 - the border: one of several ends
                log.error("ending an entry failed", exc_info=exc)
        for path in reversed(running.paths):
            self.home.system.remove(path)
        for entity in running.entities:
            entity_id = entity.entity_id
            entry = self.home.registries.entities.get(entity_id)
            if entry is None or entry.disabled:
                self.home.entities.remove(entity_id)
            else:
                self.home.entities.release(entity_id)

    def _wait_for_states(self, entity_ids: list[str]) -> None:
        path = self.home.entities.path
        asked = [self.home.system.ask_later(f"{path}/{each}", Report({})) for each in entity_ids]
        for future in asked:
            try:
                future.get(timeout=FIRST_STATE_TIMEOUT_S)
            except (MargeError, pykka.ActorDeadError, pykka.Timeout) as exc:
                log.warning("an entity shows no state yet", problem=repr(exc))

    def _retry_later(self, entry_id: str) -> None:
        tried = self._tries.get(entry_id, 0)
        self._tries[entry_id] = tried + 1
        pause = RETRY_PAUSES_S[min(tried, len(RETRY_PAUSES_S) - 1)]
        self._retries[entry_id] = self.home.clock.after(pause, lambda _message: self._retry(entry_id))

    def _retry(self, entry_id: str) -> None:
        if entry_id in self._entries:
            gevent.spawn(self.setup, entry_id, False)

    def _forget_retry(self, entry_id: str) -> None:
        timer = self._retries.pop(entry_id, None)
        if timer is not None:
            timer.cancel()

    def _disable_all(self, entry_id: str, disabled_by: str | None) -> None:
        """Disable what is enabled, or enable what was disabled so. A device's entities would follow it: they are
        disabled before it, and enabled after it."""
        registries = self.home.registries
        wanted = None if disabled_by is not None else BY_CONFIG_ENTRY
        if disabled_by is None:
            self._disable_devices(entry_id, wanted, None)
        for entry in registries.entities.for_config_entry(entry_id):
            if entry.disabled_by == wanted:
                registries.entities.update(entry.entity_id, disabled_by=disabled_by)
                if disabled_by is not None:
                    self.home.entities.remove(entry.entity_id)  # the placeholder that unloading left
        if disabled_by is not None:
            self._disable_devices(entry_id, wanted, disabled_by)

    def _disable_devices(self, entry_id: str, wanted: str | None, disabled_by: str | None) -> None:
        for device in self.home.registries.devices.all():
            if device.config_entries == (entry_id,) and device.disabled_by == wanted:
                self.home.registries.update_device(device.id, disabled_by=disabled_by)

    def _release_devices(self, entry_id: str) -> None:
        registries = self.home.registries
        for device in registries.devices.all():
            if entry_id not in device.config_entries:
                continue
            left = tuple(each for each in device.config_entries if each != entry_id)
            if left:
                primary = device.primary_config_entry
                registries.devices.update(
                    device.id, config_entries=left, primary_config_entry=left[0] if primary == entry_id else primary
                )
            else:
                registries.remove_device(device.id)


def host_of(home: Home) -> EntryHost:
    """The home's host.

    Raises:
        Unavailable: the home is still starting.
    """
    host: EntryHost | None = home.shared.get(SHARED)
    if host is None:
        raise Unavailable("The integrations are still being set up; try again in a moment")
    return host


def add_entity(
    home: Home,
    entry: ConfigEntry,
    entity: Entity,
    unique_id: str,
    *,
    object_id: str | None = None,
    platform: str | None = None,
    device_id: str | None = None,
    **facts: Any,
) -> str:
    """Make an entity of an entry: it is registered with the entry, and goes with it.

    Args:
        unique_id: stable, unique among the platform's entities of the domain.
        object_id: what a new entity's id is made of; the name, when left out.
        platform: the integration's domain, when left out.
        facts: more for the entity registry.

    Returns:
        The entity id. An entity that the user has disabled has no state.
    """
    platform = platform or entry.domain
    if entry.pref_disable_new_entities:
        facts.setdefault("disabled_by", "integration")
    facts.setdefault("original_name", entity.name)
    registered = home.registries.entities.get_or_create(
        entity.domain, platform, unique_id,
        suggested_object_id=object_id or entity.name, config_entry_id=entry.entry_id, device_id=device_id,
        original_icon=entity.icon, original_device_class=entity.device_class,
        supported_features=entity.supported_features or 0, capabilities=entity.capability_attributes() or None,
        **facts,
    )  # fmt: skip
    entity.unique_id = unique_id
    if registered.name:
        entity.name = registered.name
    if registered.icon:
        entity.icon = registered.icon
    if registered.device_class:
        entity.device_class = registered.device_class
    entity.entity_id = registered.entity_id
    home.entities.add(entity, registered.entity_id, platform)  # without a state while it is disabled
    host_of(home).running(entry.entry_id).entities.append(entity)
    return registered.entity_id


def on_unload(home: Home, entry: ConfigEntry, cancel: Callable[[], None]) -> None:
    """Call `cancel` when the entry ends, in the reverse order."""
    host_of(home).running(entry.entry_id).cancels.append(cancel)


def spawn(home: Home, entry: ConfigEntry, spec: ChildSpec) -> ActorRef:
    """Start an actor that lives as long as the entry is loaded, as `/integrations/<name of the spec>`."""
    ref = home.system.spawn(spec, PATH)
    host_of(home).running(entry.entry_id).paths.append(f"{PATH}/{spec.name}")
    return ref


def _abilities(integration: Integration) -> dict[str, bool]:
    return {
        "supports_options": integration.options_flow is not None,
        "supports_unload": integration.supports_unload,
        "supports_reconfigure": hasattr(integration.flow, "step_reconfigure"),
        "supports_remove_device": integration.removes_devices,
    }
