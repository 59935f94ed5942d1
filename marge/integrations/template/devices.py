"""Covers, fans, locks and vacuum robots whose states are templates. Lights are in `lights`, sensors in `entities`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.actors import Future
from marge.domains import cover, fan, vacuum
from marge.domains.cover import CoverEntity
from marge.domains.fan import FanEntity
from marge.domains.lock import OPEN as CAN_OPEN
from marge.domains.lock import LockEntity
from marge.domains.vacuum import VacuumEntity
from marge.integrations.template.base import Failed, TemplateEntity
from marge.integrations.template.results import number, switched, word

if TYPE_CHECKING:
    from marge.home import Home

_TILTS = cover.OPEN_TILT | cover.CLOSE_TILT | cover.STOP_TILT | cover.SET_TILT_POSITION


def _percent(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and 0 <= found <= 100 else None


class TemplateCover(TemplateEntity, CoverEntity):
    """`state` (`open`, `opening`, `closed`, `closing` or true, false), `position`, `tilt`; `open_cover`,
    `close_cover`, `stop_cover`, `set_cover_position` sees `position`, `set_cover_tilt_position` sees `tilt`."""

    templates = ("state", "position", "tilt")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        can_move = conf.get("open_cover") or conf.get("set_cover_position")
        self.supported_features = (
            (cover.OPEN | cover.CLOSE if can_move else 0)
            | (cover.STOP if conf.get("stop_cover") else 0)
            | (cover.SET_POSITION if conf.get("set_cover_position") else 0)
            | (_TILTS if conf.get("set_cover_tilt_position") else 0)
        )
        knows = "state" in self.sources or "position" in self.sources
        self._assumes = bool(conf.get("optimistic", not knows))
        self._assumes_tilt = bool(conf.get("tilt_optimistic", "tilt" not in self.sources))
        self.assumed_state = self._assumes

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, Failed):
            value = None
        if name == "tilt":
            self.current_tilt_position = _percent(value)
        elif name == "position":
            self.current_position = _percent(value)
            self.is_closed = None if self.current_position is None else self.current_position == 0
        else:
            self._take_state(value)

    def _take_state(self, value: Any) -> None:
        text = word(value, ("open", "opening", "closed", "closing", "true", "false"))
        self.is_opening, self.is_closing = text == "opening", text == "closing"
        if "position" in self.sources:
            return  # which then says whether it is closed
        if text in ("open", "true", "closed", "false"):
            self.is_closed = text in ("closed", "false")
        elif text is None:
            self.is_closed = None

    def _move(self, key: str, position: int) -> Future | None:
        then: dict[str, Any] = {"is_closed": position == 0} if self._assumes else {}
        if self._assumes and self.supported_features & cover.SET_POSITION:
            then["current_position"] = position
        if self.conf.get(key):
            return self.run_action(key, {"position": position}, **then)
        return self.run_action("set_cover_position", {"position": position}, **then)

    def open_cover(self) -> Future | None:
        return self._move("open_cover", 100)

    def close_cover(self) -> Future | None:
        return self._move("close_cover", 0)

    def set_cover_position(self, position: int) -> Future | None:
        return self._move("set_cover_position", position)

    def stop_cover(self) -> Future | None:
        return self.run_action("stop_cover", {})

    def _tilt(self, tilt: int) -> Future | None:
        then = {"current_tilt_position": tilt} if self._assumes_tilt else {}
        return self.run_action("set_cover_tilt_position", {"tilt": tilt}, **then)

    def open_cover_tilt(self) -> Future | None:
        return self._tilt(100)

    def close_cover_tilt(self) -> Future | None:
        return self._tilt(0)

    def set_cover_tilt_position(self, tilt_position: int) -> Future | None:
        return self._tilt(tilt_position)


class TemplateFan(TemplateEntity, FanEntity):
    """`state`, `percentage`, `preset_mode`, `oscillating`, `direction`; `turn_on` sees `percentage` and `preset_mode`,
    `set_percentage`, `set_preset_mode`, `set_oscillating`, `set_direction` the value of their name."""

    templates = ("state", "percentage", "preset_mode", "oscillating", "direction")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.speed_count = int(conf.get("speed_count", 100))
        self.preset_modes = list(conf.get("preset_modes") or ()) or None
        self.supported_features = fan.TURN_ON | fan.TURN_OFF
        for name, bit in (
            ("percentage", fan.SET_SPEED), ("oscillating", fan.OSCILLATE), ("direction", fan.DIRECTION),
            ("preset_mode", fan.PRESET_MODE if self.preset_modes else 0),
        ):  # fmt: skip
            if name in self.sources or conf.get(f"set_{name}"):
                self.supported_features |= bit
        self.assumed_state = "state" not in self.sources

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, Failed):
            value = None
        if name == "state":
            self.is_on = switched(value)
        elif name == "percentage":
            self.percentage = _percent(value)
        elif name == "oscillating":
            self.oscillating = switched(value)
        elif name == "direction":
            self.current_direction = word(value, ("forward", "reverse"))
        else:
            self.preset_mode = str(value) if value is not None and str(value) in (self.preset_modes or ()) else None

    def _assumed(self, is_on: bool, **values: Any) -> dict[str, Any]:
        then = {name: value for name, value in values.items() if name.removeprefix("current_") not in self.sources}
        return {**then, "is_on": is_on} if self.assumed_state else then

    def turn_on(self, percentage: int | None = None, preset_mode: str | None = None, **_more: Any) -> Future | None:
        given = {"percentage": percentage, "preset_mode": preset_mode}
        wanted = {name: value for name, value in given.items() if value is not None}
        steps: list[tuple[str, Mapping[str, Any]]] = [("turn_on", given)]
        if preset_mode is not None:
            steps.append(("set_preset_mode", {"preset_mode": preset_mode}))
        elif percentage is not None:
            steps.append(("set_percentage", {"percentage": percentage}))
        return self.run_actions(steps, **self._assumed(True, **wanted))

    def turn_off(self, **_more: Any) -> Future | None:
        return self.run_action("turn_off", {}, **self._assumed(False))

    def set_percentage(self, percentage: int) -> Future | None:
        then = self._assumed(percentage > 0, percentage=percentage)
        return self.run_action("set_percentage", {"percentage": percentage}, **then)

    def set_preset_mode(self, preset_mode: str) -> Future | None:
        then = self._assumed(True, preset_mode=preset_mode)
        return self.run_action("set_preset_mode", {"preset_mode": preset_mode}, **then)

    def oscillate(self, oscillating: bool) -> Future | None:
        then = {} if "oscillating" in self.sources else {"oscillating": oscillating}
        return self.run_action("set_oscillating", {"oscillating": oscillating}, **then)

    def set_direction(self, direction: str) -> Future | None:
        then = {} if "direction" in self.sources else {"current_direction": direction}
        return self.run_action("set_direction", {"direction": direction}, **then)


_LOCK_WORDS = frozenset(
    ("locked", "unlocked", "locking", "unlocking", "jammed", "open", "opening", "true", "false", "on", "off")
)


class TemplateLock(TemplateEntity, LockEntity):
    """`state` (true is locked, or the state's word), `code_format`; `lock`, `unlock`, `open` see `code`."""

    templates = ("state", "code_format")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.supported_features = CAN_OPEN if conf.get("open") else 0
        self._assumes = bool(conf.get("optimistic", "state" not in self.sources))
        self.assumed_state = self._assumes

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, Failed):
            value = None
        if name == "code_format":
            self.code_format = None if value is None else str(value)
            return
        text = word(value, _LOCK_WORDS)
        self.is_jammed, self.is_locking, self.is_unlocking = (
            text == each for each in ("jammed", "locking", "unlocking")
        )
        self.is_open, self.is_opening = text == "open", text == "opening"
        self.is_locked = None if text is None else text in ("locked", "true", "on")

    def _do(self, key: str, code: Mapping[str, str], **shown: Any) -> Future | None:
        return self.run_action(key, {"code": code.get("code")}, **(shown if self._assumes else {}))

    def lock(self, **code: str) -> Future | None:
        return self._do("lock", code, is_locked=True, is_open=False)

    def unlock(self, **code: str) -> Future | None:
        return self._do("unlock", code, is_locked=False, is_open=False)

    def open(self, **code: str) -> Future | None:
        return self._do("open", code, is_locked=False, is_open=True)


_ACTIVITIES = frozenset(("cleaning", "docked", "error", "idle", "paused", "returning"))
_VACUUM_ACTIONS: Mapping[str, int] = {
    "start": vacuum.START, "pause": vacuum.PAUSE, "stop": vacuum.STOP, "return_to_base": vacuum.RETURN_HOME,
    "clean_spot": vacuum.CLEAN_SPOT, "locate": vacuum.LOCATE, "set_fan_speed": vacuum.FAN_SPEED,
}  # fmt: skip


class TemplateVacuum(TemplateEntity, VacuumEntity):
    """`state`, `battery_level`, `fan_speed`; `start`, `pause`, `stop`, `return_to_base`, `clean_spot`, `locate`, and
    `set_fan_speed` sees `fan_speed`."""

    templates = ("state", "battery_level", "fan_speed")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.fan_speed_list = [str(each) for each in conf.get("fan_speeds") or ()]
        self.supported_features = vacuum.STATE | vacuum.START
        for key, bit in _VACUUM_ACTIONS.items():
            if conf.get(key):
                self.supported_features |= bit
        if "battery_level" in self.sources:
            self.supported_features |= vacuum.BATTERY
        self._assumes = "state" not in self.sources

    def take(self, name: str, value: Any) -> None:
        if isinstance(value, Failed):
            value = None
        if name == "state":
            self.activity = word(value, _ACTIVITIES)
        elif name == "battery_level":
            self.battery_level = _percent(value)
        else:
            text = None if value is None else str(value)
            self.fan_speed = text if text in self.fan_speed_list else None

    def _do(self, key: str, activity: str) -> Future | None:
        return self.run_action(key, {}, **({"activity": activity} if self._assumes else {}))

    def start(self) -> Future | None:
        return self._do("start", "cleaning")

    def pause(self) -> Future | None:
        return self._do("pause", "paused")

    def stop(self) -> Future | None:
        return self._do("stop", "idle")

    def return_to_base(self) -> Future | None:
        return self._do("return_to_base", "returning")

    def clean_spot(self) -> Future | None:
        return self._do("clean_spot", "cleaning")

    def locate(self) -> Future | None:
        return self.run_action("locate", {})

    def set_fan_speed(self, fan_speed: str) -> Future | None:
        then = {} if "fan_speed" in self.sources else {"fan_speed": fan_speed}
        return self.run_action("set_fan_speed", {"fan_speed": fan_speed}, **then)
