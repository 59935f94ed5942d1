"""A humidifier or dehumidifier made of a humidity sensor and a switch, which runs until the target is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import gevent
import structlog
import voluptuous as vol

from marge.actors import Subscription, Timer
from marge.domains._validators import boolean, entity_id, positive_time_period, string
from marge.domains.humidifier import MODES, HumidifierEntity
from marge.entities import Report
from marge.entities.actor import STATE_REPORTED
from marge.errors import MargeError
from marge.integrations import forms
from marge.integrations._following import FollowingEntity, number_of
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Context, Event

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

log = structlog.get_logger("marge.integrations.generic_hygrostat")

KINDS = ("humidifier", "dehumidifier")
NORMAL, AWAY = "normal", "away"
LOOK_AFTER_S = 1.0
"""A cycle that may not end yet is looked at again this long after it may."""


class Hygrostat(FollowingEntity, HumidifierEntity):
    """Follows the sensor and the switch. Without a humidity that can be trusted the switch is turned off."""

    _look_timer: Timer | None = None
    _alive_timer: Timer | None = None
    _stale_timer: Timer | None = None
    _reports: Subscription | None = None
    _has_begun = False
    _is_stale = False

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf)
        self.follow(conf["target_sensor"], conf["humidifier"])
        self.device_class = str(conf.get("device_class") or KINDS[0])
        self._dries = self.device_class == "dehumidifier"
        self.min_humidity = conf.get("min_humidity", 0)
        self.max_humidity = conf.get("max_humidity", 100)
        self.supported_features = 0
        self._away: float | None = conf.get("away_humidity")
        self._away_is_fixed = bool(conf.get("away_fixed"))
        self._saved: float | None = self._away
        if self._away is not None:
            self.supported_features = MODES
            self.available_modes = [NORMAL, AWAY]
            self.mode = NORMAL
        self._dry = float(conf.get("dry_tolerance", 3))
        self._wet = float(conf.get("wet_tolerance", 3))
        self._cycle_s = forms.seconds_of(conf.get("min_cycle_duration"))
        self._alive_s = forms.seconds_of(conf.get("keep_alive"))
        self._stale_s = forms.seconds_of(conf.get("sensor_stale_duration"))
        self.action = "off"
        self.is_on = False

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        if self._has_begun:
            return
        self._has_begun = True
        before = self.home.restored.get(self.entity_id)
        attributes: Mapping[str, Any] = {} if before is None else before.attributes
        if before is not None:
            self.is_on = before.state == "on"
        if self.conf.get("initial_state") is not None:
            self.is_on = bool(self.conf["initial_state"])
        target = attributes.get("humidity", self.conf.get("target_humidity"))
        usual = self.max_humidity if self._dries else self.min_humidity
        self.target_humidity = target if isinstance(target, (int, float)) else usual
        if self._away is not None and attributes.get("mode") == AWAY:
            self.mode = AWAY
            saved = attributes.get("saved_humidity")
            self._saved = saved if isinstance(saved, (int, float)) else usual

    def on_add(self) -> None:
        super().on_add()
        if self._reports is None and self._stale_s > 0:
            key = self.home.states.current_id(self.followed[0])
            self._reports = self.home.bus.subscribe(self._changed, STATE_REPORTED, key)
            self._expect()
        self._keep_alive()
        self._control()

    def on_remove(self) -> None:
        super().on_remove()
        if self._reports is not None:
            self._reports.cancel()
            self._reports = None
        for timer in (self._look_timer, self._alive_timer, self._stale_timer):
            if timer is not None:
                timer.cancel()
        self._look_timer = self._alive_timer = self._stale_timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "look" in values:
            self._control()
            self.refresh()
        elif "stale" in values:
            self._is_stale = True
            log.warning("a humidity sensor has fallen silent", entity_id=self.entity_id, sensor=self.followed[0])
            self._control()
            self.refresh()
        elif "keep_alive" in values:
            self._alive_timer = None
            self._keep_alive()
            if self.is_on:
                self._turn(self._is_running, None)
        else:
            super().apply(values)

    def source_changed(self, event: Event) -> None:
        if event.data["entity_id"] == self.home.states.current_id(self.followed[0]):
            self._is_stale = False
            self._expect()
        self._control(event.context)

    def refresh(self) -> None:
        self.current_humidity = self._measured()
        self.action = "off"
        if self.is_on:
            self.action = ("drying" if self._dries else "humidifying") if self._is_running else "idle"
        if self._away is not None:
            self.extra_attributes = {"saved_humidity": self._saved}

    def _measured(self) -> float | None:
        return None if self._is_stale else number_of(self.source())

    @property
    def _is_running(self) -> bool:
        state = self.home.states.find(self.followed[1])
        return state is not None and state.state == "on"

    def _keep_alive(self) -> None:
        """With `keep_alive` the switch is told again and again what it should be."""
        if self._alive_s > 0 and self._alive_timer is None:
            again = Report({"keep_alive": True})
            self._alive_timer = self.home.clock.after(self._alive_s, lambda _message: self.tell(again))

    def _expect(self) -> None:
        """The sensor has spoken; without another word it is stale after a while."""
        if self._stale_s <= 0:
            return
        if self._stale_timer is not None:
            self._stale_timer.cancel()
        stale = Report({"stale": True})
        self._stale_timer = self.home.clock.after(self._stale_s, lambda _message: self.tell(stale))

    # -- commands ----------------------------------------------------------------------------------------------------

    def turn_on(self, **params: Any) -> None:
        self.is_on = True
        self._control(self.context, at_once=True)
        self.refresh()

    def turn_off(self, **params: Any) -> None:
        self.is_on = False
        if self._is_running:
            self._turn(False, self.context)
        self.refresh()

    def set_humidity(self, humidity: int) -> None:
        if self.mode == AWAY and self._away_is_fixed:
            self._saved = humidity
        else:
            self.target_humidity = humidity
            self._control(self.context, at_once=True)
        self.refresh()

    def set_mode(self, mode: str) -> None:
        if self._away is None or mode == self.mode or mode not in (NORMAL, AWAY):
            return
        self._saved, self.target_humidity = self.target_humidity, self._saved
        self.mode = mode
        self._control(self.context, at_once=True)
        self.refresh()

    # -- control -----------------------------------------------------------------------------------------------------

    def _control(self, context: Context | None = None, at_once: bool = False) -> None:
        """Turn the switch when the humidity has left its band; `at_once`: a person asked for it."""
        now, target = self._measured(), self.target_humidity
        if not self.is_on or target is None:
            return
        if now is None:
            if self._is_running:
                self._turn(False, context)
            return
        if not at_once and self._is_too_soon():
            return
        is_dry, is_wet = target - now >= self._dry, now - target >= self._wet
        if self._is_running:
            if is_dry if self._dries else is_wet:
                self._turn(False, context)
        elif is_wet if self._dries else is_dry:
            self._turn(True, context)

    def _is_too_soon(self) -> bool:
        """Whether the switch has changed so lately that it must stay as it is; then it is looked at again."""
        state = self.home.states.find(self.followed[1])
        if self._cycle_s <= 0 or state is None:
            return False
        left = state.last_changed + self._cycle_s - self.home.clock.now()
        if left <= 0:
            return False
        if self._look_timer is not None:
            self._look_timer.cancel()
        look = Report({"look": True})
        self._look_timer = self.home.clock.after(left + LOOK_AFTER_S, lambda _message: self.tell(look))
        return True

    def _turn(self, on: bool, context: Context | None) -> None:
        home, switch = self.home, self.home.states.current_id(self.followed[1])

        def run() -> None:
            try:
                service = "turn_on" if on else "turn_off"
                home.services.call("homeassistant", service, {"entity_id": [switch]}, context=context or Context.new())
            except (MargeError, ValueError) as exc:
                log.warning("a hygrostat cannot turn its switch", entity_id=self.entity_id, error=str(exc))

        gevent.spawn(run)


# -- forms and files -------------------------------------------------------------------------------------------------


def _fields(_own: tuple[str, ...]) -> Sequence[Field]:
    kinds = forms.select(KINDS, mode="dropdown", translation_key="device_class")
    tolerance = forms.number(minimum=0.0, maximum=100.0, step=0.5, mode="box", unit="%")
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("device_class", kinds, required=True),
        Field("target_sensor", forms.entity("sensor", device_class=["humidity"]), required=True),
        Field("humidifier", forms.entity(("switch", "fan")), required=True),
        Field("dry_tolerance", tolerance, required=True, default=3),
        Field("wet_tolerance", tolerance, required=True, default=3),
        Field("min_cycle_duration", forms.duration(allow_negative=False)),
    )


def _setup(home: Home, entry: ConfigEntry) -> None:
    switch = home.registries.entities.get(home.states.current_id(str(entry.options["humidifier"])))
    device_id = None if switch is None else switch.device_id
    add_entity(home, entry, Hygrostat(home, entry.options), entry.entry_id, device_id=device_id)


_PERCENT = vol.All(vol.Coerce(int), vol.Range(0, 100))
_TOLERANCE = vol.All(vol.Coerce(float), vol.Range(0, 100))
_FILES: dict[Any, Any] = {
    vol.Required("humidifier"): entity_id,
    vol.Required("target_sensor"): entity_id,
    vol.Optional("name", default="Generic Hygrostat"): string,
    vol.Optional("unique_id"): string,
    vol.Optional("device_class"): vol.In(KINDS),
    **{vol.Optional(key): _PERCENT for key in ("min_humidity", "max_humidity", "target_humidity", "away_humidity")},
    **{vol.Optional(key, default=3.0): _TOLERANCE for key in ("dry_tolerance", "wet_tolerance")},
    **{vol.Optional(key): boolean for key in ("initial_state", "away_fixed")},
    **{
        vol.Optional(key): positive_time_period for key in ("min_cycle_duration", "keep_alive", "sensor_stale_duration")
    },
}
_SCHEMA = vol.Schema(_FILES)
YAML_PLATFORMS = (YamlPlatform("generic_hygrostat", "humidifier", _SCHEMA, Hygrostat, own_section=True),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields)})
INTEGRATION = Integration(
    "generic_hygrostat", "Generic hygrostat", _setup, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="local_polling",
)  # fmt: skip
