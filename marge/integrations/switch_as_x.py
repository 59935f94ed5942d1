"""Change the kind of a switch: it is shown as a light, a lock, a cover … which passes commands on to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marge.actors import Future
from marge.domains import cover, fan, siren
from marge.domains.calendar import answered
from marge.domains.cover import CoverEntity
from marge.domains.fan import FanEntity
from marge.domains.light import LightEntity
from marge.domains.lock import LockEntity
from marge.domains.siren import SirenEntity
from marge.domains.valve import ValveEntity
from marge.errors import InvalidRequest
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

HIDDEN_BY = "integration"


class SwitchProxy(FollowingEntity):
    """Shows a switch as something else. `invert` swaps on and off, for covers, locks and valves."""

    inverts = False

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["entity_id"])
        self._swaps = self.inverts and bool(conf.get("invert"))

    def refresh(self) -> None:
        state = self.source()
        self.available = state is not None and state.state != "unavailable"
        if state is None or state.state not in ("on", "off"):
            self.show(None)
        else:
            self.show((state.state == "on") != self._swaps)

    def show(self, is_on: bool | None) -> None:
        """Take the switch's state."""
        self.is_on = is_on

    def put(self, on: bool) -> Future:
        """Turn the switch."""
        service = "turn_on" if on != self._swaps else "turn_off"
        entity_id, context = self.home.states.current_id(self.followed[0]), self.context

        def run() -> None:
            self.home.services.call("switch", service, {"entity_id": entity_id}, context=context)

        return answered(run)

    def turn_on(self, **_more: Any) -> Future:
        return self.put(True)

    def turn_off(self, **_more: Any) -> Future:
        return self.put(False)


class SwitchLight(SwitchProxy, LightEntity):
    """A lamp that is on or off."""

    def show(self, is_on: bool | None) -> None:
        self.is_on = is_on
        self.color_mode = "onoff"


class SwitchFan(SwitchProxy, FanEntity):
    """A fan with one speed."""

    supported_features = fan.TURN_ON | fan.TURN_OFF

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> Future:
        return self.put(True)


class SwitchSiren(SwitchProxy, SirenEntity):
    """A siren with one tone."""

    supported_features = siren.TURN_ON | siren.TURN_OFF


class SwitchLock(SwitchProxy, LockEntity):
    """Unlocked while the switch is on."""

    inverts = True

    def show(self, is_on: bool | None) -> None:
        self.is_locked = None if is_on is None else not is_on

    def lock(self, **_code: str) -> Future:
        return self.put(False)

    def unlock(self, **_code: str) -> Future:
        return self.put(True)


class SwitchCover(SwitchProxy, CoverEntity):
    """Open while the switch is on."""

    inverts = True
    supported_features = cover.OPEN | cover.CLOSE

    def show(self, is_on: bool | None) -> None:
        self.is_closed = None if is_on is None else not is_on

    def open_cover(self) -> Future:
        return self.put(True)

    def close_cover(self) -> Future:
        return self.put(False)


class SwitchValve(SwitchProxy, ValveEntity):
    """Open while the switch is on."""

    inverts = True
    supported_features = cover.OPEN | cover.CLOSE  # the same bits as a cover's

    def show(self, is_on: bool | None) -> None:
        self.is_closed = None if is_on is None else not is_on

    def open_valve(self) -> Future:
        return self.put(True)

    def close_valve(self) -> Future:
        return self.put(False)


KINDS: Mapping[str, type[SwitchProxy]] = {
    "cover": SwitchCover, "fan": SwitchFan, "light": SwitchLight, "lock": SwitchLock, "siren": SwitchSiren,
    "valve": SwitchValve,
}  # fmt: skip


def _fields(_own: tuple[str, ...]) -> Sequence[Field]:
    return (
        Field("entity_id", forms.entity("switch"), required=True, once=True),
        Field("invert", forms.boolean(), default=False),
        Field("target_domain", forms.select(tuple(KINDS), translation_key="target_domain"), required=True, once=True),
    )


def _title(home: Home, options: Mapping[str, Any]) -> str:
    """The name of the switch."""
    entities = home.registries.entities
    chosen = str(options["entity_id"])
    entry = entities.by_registry_id(chosen) or entities.get(home.states.current_id(chosen))
    if entry is not None and (entry.name or entry.original_name):
        return str(entry.name or entry.original_name)
    state = home.states.find(chosen)
    return chosen if state is None else state.name


def _setup(home: Home, entry: ConfigEntry) -> None:
    kind = str(entry.options.get("target_domain"))
    if kind not in KINDS:
        raise InvalidRequest(f"a switch cannot be shown as {kind}")
    proxy = KINDS[kind](home, {"name": entry.title, **entry.options})
    entities = home.registries.entities
    switch = entities.get(home.states.current_id(proxy.followed[0]))
    facts: dict[str, Any] = {} if switch is None else {"device_id": switch.device_id, "area_id": switch.area_id}
    add_entity(home, entry, proxy, entry.entry_id, **facts)
    if switch is not None and switch.hidden_by is None:
        entities.update(switch.entity_id, hidden_by=HIDDEN_BY)


def _removed(home: Home, entry: ConfigEntry) -> None:
    entities = home.registries.entities
    chosen = str(entry.options.get("entity_id"))
    switch = entities.by_registry_id(chosen) or entities.get(home.states.current_id(chosen))
    if switch is not None and switch.hidden_by == HIDDEN_BY:
        entities.update(switch.entity_id, hidden_by=None)


_Flow, _Options = helper_flows({"user": HelperForm(_fields, title=_title)})
INTEGRATION = Integration(
    "switch_as_x", "Change device type of a switch", _setup, removed=_removed, flow=_Flow, options_flow=_Options,
    kind="helper",
)  # fmt: skip
