"""Template entities, a class a domain."""

from __future__ import annotations

import http.client
import ssl
import urllib.request
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import Future, Timer
from marge.automations import rendering
from marge.automations.periods import positive_time_period
from marge.domains._pictures import Picture
from marge.domains.alarm_control_panel import (
    ARM_AWAY,
    ARM_CUSTOM_BYPASS,
    ARM_HOME,
    ARM_NIGHT,
    ARM_VACATION,
    TRIGGER,
    AlarmControlPanelEntity,
)
from marge.domains.binary_sensor import BinarySensorEntity
from marge.domains.button import ButtonEntity
from marge.domains.image import ImageEntity
from marge.domains.number import NumberEntity
from marge.domains.select import SelectEntity
from marge.domains.sensor import SensorEntity
from marge.domains.switch import SwitchEntity
from marge.entities import Report
from marge.errors import MargeError
from marge.integrations.template.base import Failed, TemplateEntity
from marge.integrations.template.devices import TemplateCover, TemplateFan, TemplateLock, TemplateVacuum
from marge.integrations.template.lights import TemplateLight
from marge.integrations.template.results import number as _number
from marge.integrations.template.weather import TemplateWeather
from marge.model import State
from marge.util.dt import parse_iso
from marge.util.schema import truth

if TYPE_CHECKING:
    from marge.home import Home


log = structlog.get_logger("marge.integrations.template")

_FETCH_TIMEOUT_S = 10.0
_MAX_PICTURE = 10_000_000


_NO_MEASUREMENTS = frozenset(("date", "enum", "timestamp"))
"""Device classes whose states are no numbers, whatever else is said."""


class TemplateSensor(TemplateEntity, SensorEntity):
    """`state`, and for a `total` `last_reset`."""

    templates = ("state", "last_reset")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.unit_of_measurement = conf.get("unit_of_measurement")
        self.state_class = conf.get("state_class")

    def take(self, name: str, value: Any) -> None:
        if name == "last_reset":
            self.last_reset = None if isinstance(value, Failed) or value is None else str(value)
            return
        self._state_failed = isinstance(value, Failed)
        if isinstance(value, Failed):
            return
        is_measured = self.device_class not in _NO_MEASUREMENTS and any(
            each is not None for each in (self.unit_of_measurement, self.state_class, self.device_class)
        )
        if value is None:
            self.native_value = None
        elif not is_measured or _number(value) is not None:
            self.native_value = value
        else:  # a text is no measurement, `unknown` neither: the last one stands
            log.warning("not a number, as the unit or the state class wants it", entity_id=self.entity_id, value=value)


class TemplateBinarySensor(TemplateEntity, BinarySensorEntity):
    """`state`, `delay_on`, `delay_off`; with triggers also `auto_off`."""

    templates = ("state",)
    _timer: Timer | None = None

    def restore(self) -> None:
        """With a delay it cannot know at once: it shows what it showed."""
        before = self.home.restored.get(self.entity_id)
        if self.is_on is None and before is not None and any(self.conf.get(key) for key in ("delay_on", "delay_off")):
            self.is_on = {"on": True, "off": False}.get(before.state)

    def restore_triggered(self, before: State) -> None:
        self.is_on = before.state == "on"
        off = self._delay("auto_off") if self.is_on else 0.0
        if off:
            self._later(max(0.0, before.last_changed + off - self.home.clock.now()), False)

    def take(self, name: str, value: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._state_failed = self.is_triggered and isinstance(value, Failed)
        if isinstance(value, Failed):
            self.is_on = None
            return
        wanted = bool(truth(value)) if value is not None else False
        delay = self._delay("delay_on" if wanted else "delay_off")
        if wanted != self.is_on and delay:
            self._later(delay, wanted)
            return
        self.is_on = wanted
        off = self._delay("auto_off") if wanted and self.is_triggered else 0.0
        if off:
            self._later(off, False)

    def _later(self, delay: float, wanted: bool) -> None:
        report = Report({"is_on": wanted}, self._cause)
        self._timer = self.home.clock.after(delay, lambda _message: self.tell(report))

    def _delay(self, key: str) -> float:
        wanted = self.conf.get(key)
        if wanted is None:
            return 0.0
        try:
            value = rendering.render(self.home, wanted, self.variables(), rendering.TURN_BUDGET_S)
            return positive_time_period(value).total_seconds()
        except (MargeError, vol.Invalid) as exc:
            log.warning("no length of time", entity_id=self.entity_id, key=key, error=str(exc))
            return 0.0

    def on_remove(self) -> None:
        super().on_remove()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class TemplateSwitch(TemplateEntity, SwitchEntity):
    """`state` (its old name: `value_template`); without it what was asked for is assumed. `turn_on`, `turn_off`."""

    templates = ("state",)

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        conf = {"state": conf["value_template"], **conf} if "value_template" in conf else conf
        super().__init__(home, conf)
        self.assumed_state = "state" not in self.sources

    def restore(self) -> None:
        if self.assumed_state and self.is_on is None:
            before = self.home.restored.get(self.entity_id)
            if before is not None and before.state in ("on", "off"):
                self.is_on = before.state == "on"
            else:
                self.is_on = False

    def take(self, name: str, value: Any) -> None:
        self.is_on = None if isinstance(value, Failed) or value is None else bool(truth(value))

    def turn_on(self, **params: Any) -> Future | None:
        return self.run_action("turn_on", {}, **({"is_on": True} if self.assumed_state else {}))

    def turn_off(self, **params: Any) -> Future | None:
        return self.run_action("turn_off", {}, **({"is_on": False} if self.assumed_state else {}))


class TemplateNumber(TemplateEntity, NumberEntity):
    """`state`, `step`, `min`, `max`; `set_value` sees `value`."""

    templates = ("state", "step", "min", "max")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.unit_of_measurement = conf.get("unit_of_measurement")
        self.assumed_state = bool(conf.get("optimistic", "state" not in self.sources))
        for key, field in (("min", "minimum"), ("max", "maximum"), ("step", "step")):
            number = _number(conf.get(key))
            if number is not None:
                setattr(self, field, number)
                self.sources.pop(key, None)

    def take(self, name: str, value: Any) -> None:
        number = _number(value)
        if name == "state":
            self._state_failed = isinstance(value, Failed)
            self.value = number
        elif number is not None:
            setattr(self, {"min": "minimum", "max": "maximum", "step": "step"}[name], number)

    def set_value(self, value: float) -> Future | None:
        return self.run_action("set_value", {"value": value}, **({"value": value} if self.assumed_state else {}))


class TemplateSelect(TemplateEntity, SelectEntity):
    """`state`, `options`; `select_option` sees `option`."""

    templates = ("state", "options")

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.assumed_state = bool(conf.get("optimistic", "state" not in self.sources))

    def take(self, name: str, value: Any) -> None:
        if name == "options":
            self._state_failed = isinstance(value, Failed)
            self.options = [str(each) for each in value] if isinstance(value, (list, tuple)) else []
        else:
            self.current_option = None if isinstance(value, Failed) or value is None else str(value)

    def select_option(self, option: str) -> Future | None:
        then = {"current_option": option} if self.assumed_state else {}
        return self.run_action("select_option", {"option": option}, **then)


class TemplateButton(TemplateEntity, ButtonEntity):
    """`press`."""

    def restore(self) -> None:
        before = self.home.restored.get(self.entity_id)
        pressed = None if before is None else parse_iso(before.state)
        if pressed is not None and self.pressed_at is None:
            self.pressed_at = pressed.timestamp()

    def take(self, name: str, value: Any) -> None:
        raise NotImplementedError(name)

    def press(self) -> Future | None:
        return self.run_action("press", {})


_ARMING = {
    "arm_away": ARM_AWAY, "arm_home": ARM_HOME, "arm_night": ARM_NIGHT, "arm_vacation": ARM_VACATION,
    "arm_custom_bypass": ARM_CUSTOM_BYPASS, "trigger": TRIGGER,
}  # fmt: skip
_ALARM_STATES = frozenset(
    (
        "armed_away", "armed_home", "armed_night", "armed_vacation", "armed_custom_bypass", "arming", "disarmed",
        "disarming", "pending", "triggered",
    )
)  # fmt: skip


class TemplateAlarm(TemplateEntity, AlarmControlPanelEntity):
    """`value_template` (or `state`); `arm_away`, `arm_home`, …, `disarm`, `trigger` see `code`."""

    templates = ("value_template",)

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        conf = {"value_template": conf["state"], **conf} if "state" in conf else conf
        super().__init__(home, conf)
        self.supported_features = sum(bit for key, bit in _ARMING.items() if conf.get(key))
        self.code_arm_required = bool(conf.get("code_arm_required", True))
        code_format = conf.get("code_format", "number")
        self.code_format = None if code_format == "no_code" else code_format
        self._assumes = "value_template" not in self.sources

    def restore(self) -> None:
        before = self.home.restored.get(self.entity_id)
        if self.alarm_state is None and before is not None and before.state in _ALARM_STATES:
            self.alarm_state = before.state

    def take(self, name: str, value: Any) -> None:
        self.alarm_state = value if isinstance(value, str) and value in _ALARM_STATES else None

    def _do(self, key: str, state: str, code: str | None) -> Future | None:
        return self.run_action(key, {"code": code}, **({"alarm_state": state} if self._assumes else {}))

    def alarm_disarm(self, code: str | None = None) -> Future | None:
        return self._do("disarm", "disarmed", code)

    def alarm_arm_home(self, code: str | None = None) -> Future | None:
        return self._do("arm_home", "armed_home", code)

    def alarm_arm_away(self, code: str | None = None) -> Future | None:
        return self._do("arm_away", "armed_away", code)

    def alarm_arm_night(self, code: str | None = None) -> Future | None:
        return self._do("arm_night", "armed_night", code)

    def alarm_arm_vacation(self, code: str | None = None) -> Future | None:
        return self._do("arm_vacation", "armed_vacation", code)

    def alarm_arm_custom_bypass(self, code: str | None = None) -> Future | None:
        return self._do("arm_custom_bypass", "armed_custom_bypass", code)

    def alarm_trigger(self, code: str | None = None) -> Future | None:
        return self._do("trigger", "triggered", code)


class TemplateImage(TemplateEntity, ImageEntity):
    """`url`: where the picture is fetched, each time somebody looks at it; the state is when the address changed."""

    templates = ("url",)
    _url: str | None = None

    def take(self, name: str, value: Any) -> None:
        url = None if isinstance(value, Failed) or not value else str(value)
        if url != self._url:
            self._url = url
            self.updated_at = None if url is None else self.home.clock.now()

    def picture(self) -> Picture | None:
        url = self._url
        if url is None or not url.startswith(("http://", "https://")):
            return None
        context = ssl.create_default_context()
        if not self.conf.get("verify_ssl", True):
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(url, timeout=_FETCH_TIMEOUT_S, context=context) as reply:
                data = reply.read(_MAX_PICTURE + 1)
                kind = reply.headers.get_content_type()
        except (OSError, ValueError, http.client.HTTPException) as exc:
            log.warning("a picture could not be fetched", entity_id=self.entity_id, error=str(exc))
            return None
        return Picture(data, kind) if len(data) <= _MAX_PICTURE and kind.startswith("image/") else None


KINDS: Mapping[str, type[TemplateEntity]] = {
    "alarm_control_panel": TemplateAlarm,
    "binary_sensor": TemplateBinarySensor,
    "button": TemplateButton,
    "cover": TemplateCover,
    "fan": TemplateFan,
    "image": TemplateImage,
    "light": TemplateLight,
    "lock": TemplateLock,
    "number": TemplateNumber,
    "select": TemplateSelect,
    "sensor": TemplateSensor,
    "switch": TemplateSwitch,
    "vacuum": TemplateVacuum,
    "weather": TemplateWeather,
}
"""By domain."""
