"""A humidifier or dehumidifier made of a humidity sensor and a switch, which runs until the target is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import structlog
import voluptuous as vol

from marge.actors import Subscription, Timer
from marge.domains._validators import boolean, entity_id, positive_time_period, string
from marge.domains.humidifier import MODES, HumidifierEntity
from marge.entities.actor import STATE_REPORTED
from marge.integrations import forms
from marge.integrations._following import number_of
from marge.integrations._helper_flow import HelperForm, helper_flows
from marge.integrations._switch_control import SwitchControl
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.integrations.yaml_platforms import YamlPlatform
from marge.model import Context, Event
from marge.util.schema import LateSchema

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

log = structlog.get_logger("marge.integrations.generic_hygrostat")

KINDS = ("humidifier", "dehumidifier")
NORMAL, AWAY = "normal", "away"


class Hygrostat(SwitchControl, HumidifierEntity):
    """Follows the sensor and the switch. Without a humidity that can be trusted the switch is turned off."""

    _stale_timer: Timer | None = None
    _reports: Subscription | None = None
    _has_begun = False
    _is_stale = False

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home, conf, conf["target_sensor"], conf["humidifier"])
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
        self.control()

    def on_remove(self) -> None:
        super().on_remove()
        if self._reports is not None:
            self._reports.cancel()
            self._reports = None
        if self._stale_timer is not None:
            self._stale_timer.cancel()
            self._stale_timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "stale" in values:
            self._is_stale = True
            log.warning("a humidity sensor has fallen silent", entity_id=self.entity_id, sensor=self.followed[0])
            self.control()
            self.refresh()
        else:
            super().apply(values)

    def source_changed(self, event: Event) -> None:
        if event.data["entity_id"] == self.home.states.current_id(self.followed[0]):
            self._is_stale = False
            self._expect()
        super().source_changed(event)

    def refresh(self) -> None:
        self.current_humidity = self._measured()
        self.action = "off"
        if self.is_on:
            self.action = ("drying" if self._dries else "humidifying") if self.is_running else "idle"
        if self._away is not None:
            self.extra_attributes = {"saved_humidity": self._saved}

    def _measured(self) -> float | None:
        return None if self._is_stale else number_of(self.source())

    def _expect(self) -> None:
        """The sensor has spoken; without another word it is stale after a while."""
        if self._stale_s <= 0:
            return
        if self._stale_timer is not None:
            self._stale_timer.cancel()
        self._stale_timer = self.report_after(self._stale_s, "stale")

    # -- commands ----------------------------------------------------------------------------------------------------

    def turn_on(self, **params: Any) -> None:
        self.is_on = True
        self.control(self.context, at_once=True)
        self.refresh()

    def turn_off(self, **params: Any) -> None:
        self.is_on = False
        if self.is_running:
            self.turn(False, self.context)
        self.refresh()

    def set_humidity(self, humidity: int) -> None:
        if self.mode == AWAY and self._away_is_fixed:
            self._saved = humidity
        else:
            self.target_humidity = humidity
            self.control(self.context, at_once=True)
        self.refresh()

    def set_mode(self, mode: str) -> None:
        if self._away is None or mode == self.mode or mode not in (NORMAL, AWAY):
            return
        self._saved, self.target_humidity = self.target_humidity, self._saved
        self.mode = mode
        self.control(self.context, at_once=True)
        self.refresh()

    # -- control -----------------------------------------------------------------------------------------------------

    def wants_control(self) -> bool:
        return bool(self.is_on)

    def control(self, context: Context | None = None, at_once: bool = False) -> None:
        now, target = self._measured(), self.target_humidity
        if not self.is_on or target is None:
            return
        if now is None:
            if self.is_running:
                self.turn(False, context)
            return
        self.hold(target - now >= self._dry, now - target >= self._wet, self._dries, context, at_once)


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
_SCHEMA = LateSchema(_FILES)
YAML_PLATFORMS = (YamlPlatform("generic_hygrostat", "humidifier", _SCHEMA, Hygrostat, own_section=True),)

_Flow, _Options = helper_flows({"user": HelperForm(_fields)})
INTEGRATION = Integration(
    "generic_hygrostat", "Generic hygrostat", _setup, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="local_polling",
)  # fmt: skip
