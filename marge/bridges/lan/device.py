"""`LanDevice`: the actor of one device that is reached by its address. It polls, commands, and owns the entities.

Its states: `starting` until the first answer, `running`, `degraded` while the device is away or refuses us. Being away
is no failure of the actor: it goes on asking, with growing pauses, and its entities are `unavailable` meanwhile.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from marge.actors import Overflow
from marge.bridges.base import Bridge
from marge.bridges.lan.address import Address, parse_address
from marge.bridges.lan.entity import Command, Link, Part, Waiting
from marge.errors import BridgeError, CredentialsNeeded, HomeError, MargeError, Unreachable
from marge.integrations.lan import HOST, login_issue
from marge.util.breathe import let_others_in

if TYPE_CHECKING:
    from marge.actors import Timer
    from marge.home import Home
    from marge.registries import ConfigEntry

RETRY_S = 2.0
"""After the first failure: one lost packet is no reason to call a device away."""
PAUSES_S = (5.0, 10.0, 20.0, 40.0, 60.0)
"""Between tries while a device is away: it is back within a minute of coming back, and costs little until then."""
REFUSED_PAUSE_S = 300.0
"""Between tries while a device refuses us: more often would look like an attack, and a person has to act anyway."""
SPREAD_S = 0.03
"""A device: over how long the first polls of a family are spread at a start."""
CONFIRM_S = 1.0
"""After a command whose outcome has been shown already: then the device is asked what has become of it."""
FORGET_AFTER = 10
"""Polls: a part that is missing for so long is no more. A device that starts may not know all of its parts at once."""
PARTS_A_TURN = 10
MAX_ENTITIES = 2_000
"""Of one device. A Hue bridge has at most a few hundred."""


class Poll(NamedTuple):
    """It is time to ask the device how it is."""


class Refresh(NamedTuple):
    """Poll now, unless the device is there. Reply, after that: whether it is."""


class LanDevice(Bridge):
    """One config entry's device. Subclasses say how to `refresh` and to `command`; both may wait.

    Takes `Poll` (its own timer's), `Command` (its entities') and `Refresh` (who has just added it).

    Attributes:
        domain: the integration's, and the platform of the entities.
        poll_s: between two polls; `next_poll_s` may be set by `refresh` to be asked sooner, once.
        device_id: in the registry, once `register` was called.
    """

    domain: ClassVar[str] = ""
    poll_s: ClassVar[float] = 10.0
    mailbox_limit = 200
    overflow = Overflow.REJECT

    def __init__(self, home: Home, entry_id: str) -> None:
        super().__init__(home)
        self.entry_id = entry_id
        self.device_id: str | None = None
        self.next_poll_s: float | None = None
        self._link = Link(self.system, self.path, Waiting())
        self._failures = 0
        self._timer: Timer | None = None
        self._parts: dict[str, Part] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._absences: dict[str, int] = {}
        self._rounds = 0

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask the device for everything and `show` it.

        Raises:
            Unreachable, CredentialsNeeded: as they say. Anything else counts as an answer that makes no sense.
        """
        raise NotImplementedError

    def command(self, key: str, verb: str, params: Mapping[str, Any]) -> bool | None:
        """Do what an entity was asked for. `refresh` follows by itself; at once, unless this returns True: it has shown
        the outcome.

        Raises:
            Unreachable, CredentialsNeeded: as they say. HomeError: the device does not want to; its text is for people.
        """
        raise NotImplementedError

    def shown(self) -> dict[str, Any]:
        """The device for API replies: nothing secret. Quick, never waits; also before the first contact."""
        return {"ip_address": str(self.address)}

    def disconnect(self) -> None:
        """Let go of connections. Runs at each end; must not raise."""

    @property
    def entry(self) -> ConfigEntry:
        """The config entry as it is now.

        Raises:
            BridgeError: it was removed.
        """
        entry = self.home.registries.config_entries.get(self.entry_id)
        if entry is None:
            raise BridgeError("its config entry is gone")
        return entry

    @property
    def home_units(self) -> Mapping[str, str] | None:
        """What sensors are shown in: the home's units as everywhere; in the native profile those of the device."""
        return None if self.home.config.marge.profile == "native" else self.home.config.units

    @property
    def address(self) -> Address:
        """Where the device is."""
        return parse_address(str(self.entry.data.get(HOST, "")))

    def register(self, **facts: Any) -> str:
        """Bring the device's own entry in the registry up to date. `facts`: as `devices.get_or_create` has them."""
        self.device_id = self.register_device(**facts)
        return self.device_id

    def register_device(self, **facts: Any) -> str:
        """The same for a device behind this one; its id."""
        return self.home.registries.devices.get_or_create(config_entry_id=self.entry_id, **facts).id

    def show(self, key: str, make: Callable[[], Part], /, *, available: bool = True, **values: Any) -> None:
        """Show these fields of the entity `key`; made and registered when it is the first time.

        Args:
            key: stable and unique in the family's domain together with the entry's unique id.
            available: False: the device answers, but not for this part.
        """
        values["available"] = available
        part = self._parts.get(key)
        if part is None:
            if len(self._parts) >= MAX_ENTITIES:
                raise Unreachable(f"The device has more than {MAX_ENTITIES} parts")
            self._add(key, make(), values)
            if len(self._parts) % PARTS_A_TURN == 0:
                let_others_in()
        elif self._told.get(key) != values and self.home.entities.is_owned(part.entity.entity_id):
            self.home.entities.report(part.entity.entity_id, **values)
        self._told[key] = values

    def update(self, key: str, /, **values: Any) -> None:
        """Show some fields of an entity that is there; the others stay."""
        if key in self._parts:
            told = self._told.get(key, {})
            self.show(key, lambda: self._parts[key], **{"available": True, **told, **values})

    def has(self, key: str) -> bool:
        """Whether there is an entity of this key."""
        return key in self._parts

    def is_told(self, key: str) -> bool:
        """Whether the entity shows what it was told last: not after the device was away."""
        return key in self._told

    def keep_only(self, keys: set[str]) -> None:
        """Of the parts that it had the device has these now. The others are unavailable; those that do not come back
        for a while go, with their registry entries, and so do devices behind this one that have none left.

        Raises:
            Unreachable: it has nothing at all any more. That is a fault, and no reason to forget what people have set.
        """
        if self._parts and not keys:
            raise Unreachable("The device tells of nothing that it had before")
        self._rounds += 1
        gone = False
        for key in [key for key in self._parts if key not in keys]:
            self._absences[key] = absences = self._absences.get(key, 0) + 1
            if absences >= FORGET_AFTER:
                self.forget(key)
                gone = True
            elif self._told.get(key, {}).get("available"):
                self.show(key, lambda: self._parts[key], **{**self._told[key], "available": False})  # noqa: B023
        for key in keys & self._absences.keys():
            del self._absences[key]
        if gone or self._rounds == FORGET_AFTER:  # then also what a former life of ours has left behind
            self._sweep()

    def forget(self, key: str) -> None:
        """The part is no more."""
        self._absences.pop(key, None)
        self._told.pop(key, None)
        part = self._parts.pop(key)
        self.home.registries.entities.remove(part.entity.entity_id)
        self.home.entities.remove_later(part.entity.entity_id)

    def _sweep(self) -> None:
        registries = self.home.registries
        known = {self._unique_id(key) for key in self._parts}
        for entry in registries.entities.for_config_entry(self.entry_id):
            if entry.unique_id not in known:
                registries.entities.remove(entry.entity_id)
                self.home.entities.remove_later(entry.entity_id)
        used = {entry.device_id for entry in registries.entities.for_config_entry(self.entry_id)}
        for device in registries.devices.all():
            if self.entry_id in device.config_entries and device.id not in used and device.id != self.device_id:
                registries.remove_config_entry_from_device(device.id, self.entry_id)

    def entity_ids(self) -> tuple[str, ...]:
        return tuple(part.entity.entity_id for part in self._parts.values())

    def mark_unavailable(self) -> None:
        """Also what a former life of this actor has left behind, and this one has not seen yet."""
        for entry in self.home.registries.entities.for_config_entry(self.entry_id):
            if self.home.entities.is_owned(entry.entity_id):
                self.home.entities.report(entry.entity_id, available=False)

    # -- the actor ---------------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        # All at once would be one long turn at the start of a home, and again at each poll.
        together = len(self.home.registries.config_entries.for_domain(self.domain))
        self._again(random.uniform(0.0, together * SPREAD_S))

    def on_receive(self, message: Any) -> Any:
        if isinstance(message, Poll):
            return self._poll()
        if isinstance(message, Command):
            return self._command(message)
        if isinstance(message, Refresh):
            if self.status != "running":
                self._poll()
            self.home.entities.settle(*self.entity_ids())
            return self.status == "running"
        raise TypeError(f"a device does not take {type(message).__name__}")

    def release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.disconnect()

    def figures(self) -> dict[str, Any]:
        return {"failures": self._failures}

    def _poll(self) -> None:
        """One round. Whatever a device sends, the actor lives on."""
        self.next_poll_s = None
        try:
            with self.waiting_for(f"the device at {self.address}"):
                self.refresh()
        except CredentialsNeeded as exc:
            self._away(exc, REFUSED_PAUSE_S)
            self._raise_issue()
        except MargeError as exc:
            self._away(exc)
        except Exception as exc:  # noqa: BLE001 - the border: what a stranger's device sends
            self.log.warning("a device sent what cannot be understood", entry=self.entry_id, exc_info=exc)
            self._away(Unreachable(f"The device sent what cannot be understood ({type(exc).__name__})"))
        else:
            self._is_there()

    def _command(self, command: Command) -> None:
        """Do it, then see what came of it, so that the caller finds the new state."""
        waiting = self._link.waiting
        waiting.commands -= 1
        try:
            with self.waiting_for(f"the device at {self.address}"):
                is_shown = self.command(command.key, command.verb, command.params)
        except CredentialsNeeded as exc:
            self._poll_now()
            raise HomeError(str(exc)) from exc
        except BridgeError as exc:
            self._poll_now()
            raise HomeError(f"That did not work: {exc}") from exc
        except MargeError:
            raise
        except Exception as exc:  # noqa: BLE001 - the border: what a stranger's device sends
            self.log.warning("a device sent what cannot be understood", entry=self.entry_id, exc_info=exc)
            raise HomeError("The device answered in a way that cannot be understood") from exc
        if is_shown or waiting.commands > 0:
            self._soon(CONFIRM_S)  # once for all commands that come in a row
        else:
            self._poll()
        part = self._parts.get(command.key)
        if part is not None:
            self.home.entities.settle(part.entity.entity_id)

    def _poll_now(self) -> None:
        self._again(0.0)

    def _soon(self, pause_s: float) -> None:
        if self._timer is None or self._timer.deadline > self.home.clock.monotonic() + pause_s:
            self._again(pause_s)

    def _again(self, pause_s: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.home.clock.after(pause_s, self.path, Poll())

    # -- there and away ----------------------------------------------------------------------------------------------

    def _is_there(self) -> None:
        if self.status != "running":
            self.log.info("a device answers", device=self.entry.title, address=str(self.address))
            self.home.registries.issues.delete(self.domain, login_issue(self.entry_id))
        self.status, self._failures, self.last_error = "running", 0, None
        pause = self.poll_s if self.next_poll_s is None else self.next_poll_s
        if not self.entry.pref_disable_polling or self.next_poll_s is not None:
            self._again(pause)

    def _away(self, reason: MargeError, pause_s: float | None = None) -> None:
        self.note_error(reason)
        self._failures += 1
        self.disconnect()
        if self._failures == 1 and self.status == "running" and pause_s is None:
            self._again(RETRY_S)
            return
        if self.status != "degraded":
            self.log.warning("a device is away", device=self.entry_id, address=str(self.address), reason=str(reason))
            self.status = "degraded"
            self._told.clear()  # all of it is told anew when the device is back
            self.mark_unavailable()
        pause_s = pause_s or PAUSES_S[min(self._failures, len(PAUSES_S)) - 1]
        self._again(pause_s * random.uniform(0.9, 1.1))  # after a power cut not all in the same moment

    def _raise_issue(self) -> None:
        entry = self.entry
        self.home.registries.issues.raise_issue(
            self.domain, login_issue(self.entry_id), severity="error", translation_key="login_refused", is_fixable=True,
            translation_placeholders={"name": entry.title, "host": str(self.address)},
        )  # fmt: skip

    # -- entities ----------------------------------------------------------------------------------------------------

    def _unique_id(self, key: str) -> str:
        return f"{self.entry.unique_id}-{key}"

    def _add(self, key: str, part: Part, values: dict[str, Any]) -> None:
        entity, entry, home = part.entity, self.entry, self.home
        entity.unique_id, entity.name = self._unique_id(key), part.name
        entity.key, entity.link = key, self._link  # type: ignore[attr-defined]
        entity.apply(values)
        facts = dict(part.facts)
        if entry.pref_disable_new_entities:
            facts.setdefault("disabled_by", "integration")
        registered = home.registries.entities.get_or_create(
            entity.domain, self.domain, entity.unique_id,
            suggested_object_id=part.object_id, config_entry_id=self.entry_id,
            device_id=part.device_id or self.device_id, has_entity_name=True, original_name=part.name,
            original_icon=entity.icon, original_device_class=entity.device_class,
            unit_of_measurement=entity.shown()[1].get("unit_of_measurement"),
            capabilities=entity.capability_attributes() or None, supported_features=entity.supported_features or 0,
            **facts,
        )  # fmt: skip
        entity_id = registered.entity_id
        present = home.entities.owned.get(entity_id)
        if present is None and entity_id in home.entities.parked:
            present = home.entities.parked[entity_id].entity
        if present is not None and type(present) is type(entity):
            present.link = self._link  # type: ignore[attr-defined]
            self._parts[key] = part._replace(entity=present)  # our predecessor's: it goes on from where it was
            home.entities.report(entity_id, **values)
            return
        entity.entity_id = entity_id
        home.entities.add(entity, entity_id, self.domain)
        self._parts[key] = part
