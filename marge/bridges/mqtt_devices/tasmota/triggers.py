"""Buttons and switches of Tasmota devices as device triggers, and as events on the bus.

Offered as `home.shared["device_triggers"]["tasmota"]`; it outlives the bridge's actor. On the hub only, nothing waits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.bridges.mqtt_devices.tasmota import announced as has
from marge.bridges.mqtt_devices.tasmota.announced import Announced
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home

SHARED = "device_triggers"
DOMAIN = "tasmota"
EVENT = "tasmota_event"
ACTIONS = frozenset(("SINGLE", "DOUBLE", "TRIPLE", "QUAD", "PENTA", "HOLD", "TOGGLE"))

SHORT, DOUBLE, TRIPLE, QUADRUPLE, QUINTUPLE, LONG = (
    "button_short_press", "button_double_press", "button_triple_press", "button_quadruple_press",
    "button_quintuple_press", "button_long_press",
)  # fmt: skip
_BUTTON = {
    "SINGLE": SHORT, "DOUBLE": DOUBLE, "TRIPLE": TRIPLE, "QUAD": QUADRUPLE, "PENTA": QUINTUPLE, "HOLD": LONG,
}  # fmt: skip
_BY_MODE: Mapping[int, Mapping[str, str]] = {
    **dict.fromkeys((0, 3, 4, 7, 11, 12), {"TOGGLE": SHORT}),
    **dict.fromkeys((5, 6), {"TOGGLE": SHORT, "HOLD": LONG}),
    8: {"TOGGLE": SHORT, "HOLD": DOUBLE},
    **dict.fromkeys((9, 10), {"HOLD": DOUBLE}),
}
"""What an input in that `SwitchMode` can do that is no position."""

Fire = Callable[[Mapping[str, Any], "Context | None"], None]


class Button(NamedTuple):
    """One trigger: what is pressed how. `source`: `button_1`, `switch_2`; `action`: as Tasmota says it."""

    type: str
    source: str
    action: str


def buttons_of(device: Announced) -> Iterator[Button]:
    """The triggers of a device. Buttons count when they are detached from the relays (SetOption73)."""
    if has.DETACHED_BUTTONS in device.options:
        for number, present in enumerate(device.buttons, 1):
            if present:
                yield from (Button(kind, f"button_{number}", action) for action, kind in _button_actions(device))
    for number, mode in enumerate(device.switches, 1):
        yield from (Button(kind, f"switch_{number}", action) for action, kind in _BY_MODE.get(mode, {}).items())


def _button_actions(device: Announced) -> Iterator[tuple[str, str]]:
    if has.IMMEDIATE in device.options:
        yield "SINGLE", SHORT
        return
    swapped = {"SINGLE": DOUBLE, "DOUBLE": SHORT} if has.SWAP_SINGLE_DOUBLE in device.options else {}
    yield from {**_BUTTON, **swapped}.items()


@dataclass(frozen=True)
class _Waiting:
    wanted: Mapping[str, Any]
    fire: Fire


class TasmotaTriggers:
    """The triggers of a home's devices, and the automations that wait for them."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._buttons: dict[str, list[tuple[str, Button]]] = {}
        self._waiting: dict[int, _Waiting] = {}
        self._number = 0

    def announce(self, device: Announced, device_id: str) -> None:
        """The device is there, with these buttons."""
        buttons = list(buttons_of(device))
        if buttons:
            self._buttons[device_id] = [(device.mac, each) for each in buttons]
        else:
            self._buttons.pop(device_id, None)

    def withdraw(self, device_id: str) -> None:
        """The device is gone."""
        self._buttons.pop(device_id, None)

    def pressed(self, device: Announced, device_id: str, message: Mapping[str, Any]) -> None:
        """A RESULT that may tell of buttons."""
        for name, told in message.items():
            action = told.get("Action") if isinstance(told, dict) else None
            if not isinstance(action, str) or action not in ACTIONS:
                continue
            source = _source(device, name)
            if source is None:
                continue
            data = {"mac": device.mac, "source": source, "event": action}
            self._home.system.bus.publish(Event(EVENT, data, Context.new(), self._home.clock.now()))
            for _mac, button in self._buttons.get(device_id, ()):
                if button.source == source and button.action == action:
                    self._fire(device_id, button)

    def _fire(self, device_id: str, button: Button) -> None:
        for each in list(self._waiting.values()):
            wanted = each.wanted
            if (wanted.get("device_id"), wanted.get("type"), wanted.get("subtype")) == (
                device_id, button.type, button.source,
            ):  # fmt: skip
                each.fire({"event": button.action, "description": f"event '{EVENT}'"}, None)

    # -- for automations and clients ---------------------------------------------------------------------------------

    def list(self, device_id: str) -> list[dict[str, Any]]:
        """A device's triggers, as clients get them."""
        return [
            {
                "platform": "device",
                "domain": DOMAIN,
                "device_id": device_id,
                "type": each.type,
                "subtype": each.source,
                "discovery_id": f"{mac}_{each.source}_{each.action}",
                "metadata": {},
            }
            for mac, each in self._buttons.get(device_id, ())
        ]

    def attach(self, config: Mapping[str, Any], fire: Fire) -> Callable[[], None]:
        """Call `fire(data, context)` when the trigger that `config` names happens. Returns what ends it."""
        self._number += 1
        number = self._number
        self._waiting[number] = _Waiting(config, fire)

        def end() -> None:
            self._waiting.pop(number, None)

        return end


def _source(device: Announced, name: str) -> str | None:
    for word, source in (("Button", "button"), ("Switch", "switch")):
        if name.startswith(word) and name[len(word) :].isdigit():
            return f"{source}_{int(name[len(word) :])}"
    if name in device.switch_names:
        return f"switch_{device.switch_names.index(name) + 1}"
    return None
