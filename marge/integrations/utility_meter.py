"""Utility meter: how much of a sensor's value was used in each period, and under which tariff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import Timer
from marge.domains._catalog import fields_of
from marge.domains._helpers import report_problem
from marge.domains._validators import boolean, entity_id, positive_time_period, string
from marge.domains.select import SelectEntity
from marge.domains.sensor import SensorEntity
from marge.entities import Entity, Report
from marge.errors import AlreadyExists, InvalidRequest
from marge.integrations import forms
from marge.integrations._following import FollowingEntity
from marge.integrations._helper_flow import HelperForm, Refused, helper_flows
from marge.integrations._periods import PERIODS, next_start
from marge.integrations.base import Integration
from marge.integrations.forms import Field
from marge.integrations.host import add_entity
from marge.model import Event, State
from marge.services.targets import TARGET_FIELDS, resolve
from marge.util.dt import iso, parse_iso
from marge.util.schema import LateSchema
from marge.util.slug import slugify

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry
    from marge.services.registry import ServiceCall

COLLECTING, PAUSED = "collecting", "paused"
MAX_TARIFFS = 20



class Meter(FollowingEntity, SensorEntity):
    """What was used since the period began. With a tariff it counts only while that one is chosen.

    Reports: `Report({"reset": True})`, `Report({"calibrate": Decimal})`, `Report({"tariff_chosen": str | None})`.
    """

    icon = "mdi:counter"
    _timer: Timer | None = None

    def __init__(self, home: Home, conf: Mapping[str, Any], tariff: str | None, chosen: str | None) -> None:
        super().__init__(home, conf)
        self.tariff = tariff
        if tariff is not None:
            self.name = f"{conf['name']} {tariff}"
        self.follow(conf["source"])
        self._period: str | None = None if conf["cycle"] == "none" else conf["cycle"]
        self._offset_days = int(conf.get("offset", 0))
        self.state_class = "total" if conf.get("net_consumption") else "total_increasing"
        self._value: Decimal | None = None
        self._last_period = Decimal(0)
        self._last_valid: Decimal | None = None
        self._is_counting = tariff is None or tariff == chosen
        self._reset_at: float | None = None

    # -- in the entity's turn ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        before = self.home.restored.get(self.entity_id)
        value = _decimal(before.state) if before is not None else None
        if before is not None and value is not None:
            self._value = value
            self._last_period = _decimal(before.attributes.get("last_period")) or Decimal(0)
            self._last_valid = _decimal(before.attributes.get("last_valid_state"))
            at = parse_iso(str(before.attributes.get("last_reset")))
            self._reset_at = None if at is None else at.timestamp()
        if self._reset_at is None:
            self._reset_at = self.home.clock.home_now()
        self._arm()

    def on_remove(self) -> None:
        super().on_remove()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def apply(self, values: Mapping[str, Any]) -> None:
        if "reset" in values:
            self._reset()
            self.refresh()
        elif "calibrate" in values:
            self._value = values["calibrate"]
            self.refresh()
        elif "tariff_chosen" in values:
            self._is_counting = self.tariff is None or self.tariff == values["tariff_chosen"]
            self.refresh()
        else:
            super().apply(values)

    def source_changed(self, event: Event) -> None:
        state: State | None = event.data["new_state"]
        new = None if state is None else _decimal(state.state)
        if new is None:
            return
        if self._value is None:
            self._value = Decimal(0)
        if self._is_counting:
            used = self._used(event.data["old_state"], new)
            if used is not None and (self.conf.get("net_consumption") or used >= 0):
                self._value += used
        self._last_valid = new

    def _used(self, old: State | None, new: Decimal) -> Decimal | None:
        if self.conf.get("delta_values"):
            return new
        if not self.conf.get("periodically_resetting", True) and self._last_valid is not None:
            return new - self._last_valid
        before = None if old is None else _decimal(old.state)
        if before is None:
            before = self._last_valid
        return None if before is None else new - before

    def refresh(self) -> None:
        state = self.source()
        if state is not None and _decimal(state.state) is not None:
            self.unit_of_measurement = state.attributes.get("unit_of_measurement")
            self.device_class = state.attributes.get("device_class")
        self.available = (
            bool(self.conf.get("always_available")) or state is None or state.state != "unavailable"
        )
        self.native_value = None if self._value is None else str(self._value)
        self.last_reset = None if self._reset_at is None else iso(self._reset_at)
        shown: dict[str, Any] = {
            "status": COLLECTING if self._is_counting else PAUSED,
            "last_period": str(self._last_period),
            "last_valid_state": None if self._last_valid is None else str(self._last_valid),
        }
        if self._period is not None:
            shown["meter_period"] = self._period
        if self.tariff is not None:
            shown["tariff"] = self.tariff
        self.extra_attributes = shown

    def _reset(self) -> None:
        self._last_period = self._value or Decimal(0)
        self._value = Decimal(0)
        self._reset_at = self.home.clock.home_now()
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._period is None:
            return
        zone, now = self.home.config.time_zone, self.home.clock.home_now()
        began = self._reset_at if self._reset_at is not None else now
        # A period that ended while the server was down ends now.
        at = max(next_start(self._period, self._offset_days, began, zone), now)
        self._timer = self.home.clock.at(at, self._over, None, home=True)

    def _over(self, _message: object) -> None:
        self.tell(Report({"reset": True}))


class TariffSelect(SelectEntity):
    """Chooses the tariff that counts."""

    icon = "mdi:clock-outline"

    def __init__(self, home: Home, conf: Mapping[str, Any], meters: Sequence[Meter]) -> None:
        self.home = home
        self.name = str(conf["name"])
        self.options = list(conf["tariffs"])
        self.current_option = self.options[0]
        self.meters = meters
        self._has_begun = False

    def on_add(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            before = self.home.restored.get(self.entity_id)
            if before is not None and before.state in self.options:
                self.current_option = before.state
        self._tell_meters()

    def select_option(self, option: str) -> None:
        self.current_option = option
        self._tell_meters()

    def _tell_meters(self) -> None:
        for meter in self.meters:
            meter.tell(Report({"tariff_chosen": self.current_option}, self.context))


def _decimal(value: object) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


# -- services --------------------------------------------------------------------------------------------------------


def _targets(home: Home, call: ServiceCall, domain: str) -> list[Any]:
    found = resolve(call.data, domain, home.states, home.registries).entity_ids
    return [home.entities.owned.get(entity_id) for entity_id in found]


_SWITCHES = ("delta_values", "net_consumption", "always_available")
_FIELDS: dict[Any, Any] = {
    vol.Required("source"): entity_id,
    vol.Optional("name"): string,
    vol.Optional("unique_id"): string,
    vol.Optional("cycle", default="none"): vol.In(("none", *PERIODS)),
    vol.Optional("offset", default=timedelta(0)): vol.All(positive_time_period, vol.Range(max=timedelta(28))),
    vol.Optional("tariffs", default=list): vol.All([string], vol.Length(max=MAX_TARIFFS), vol.Unique()),
    **{vol.Optional(key, default=False): boolean for key in _SWITCHES},
    vol.Optional("periodically_resetting", default=True): boolean,
}
_SCHEMA = LateSchema(_FIELDS)


def _of_files(home: Home) -> None:
    """The meters of the section `utility_meter:`, by the names of their keys."""
    section = home.config.sections.get("utility_meter")
    for key, node in section.items() if isinstance(section, Mapping) else ():
        try:
            conf = _SCHEMA(node)
        except vol.Invalid as exc:
            error = exc.errors[0] if isinstance(exc, vol.MultipleInvalid) else exc
            report_problem(home, "utility_meter", key, error, node, error.path)
            continue
        conf = {**conf, "name": conf.get("name", key), "offset": conf["offset"].days}
        meters = [Meter(home, conf, tariff, conf["tariffs"][0]) for tariff in conf["tariffs"]]
        entities: list[tuple[Entity, str]] = [(meter, f"{key}_{meter.tariff}") for meter in meters]
        entities.append((TariffSelect(home, conf, meters) if meters else Meter(home, conf, None, None), str(key)))
        for entity, object_id in entities:
            if "unique_id" in conf:
                tariff = getattr(entity, "tariff", None)
                entity.unique_id = conf["unique_id"] if tariff is None else f"{conf['unique_id']}_{tariff}"
            try:
                home.entities.add(entity, f"{entity.domain}.{slugify(object_id)}", "utility_meter")
            except (AlreadyExists, InvalidRequest) as exc:
                report_problem(home, "utility_meter", key, exc, node)


def _start(home: Home) -> None:
    _of_files(home)

    def reset(call: ServiceCall) -> None:
        """Begin a new period: of a meter, or of all meters of a tariff's choice."""
        for entity in (*_targets(home, call, "select"), *_targets(home, call, "sensor")):
            meters = entity.meters if isinstance(entity, TariffSelect) else (entity,)
            for meter in meters:
                if isinstance(meter, Meter):
                    meter.tell(Report({"reset": True}, call.context))

    def calibrate(call: ServiceCall) -> None:
        for entity in _targets(home, call, "sensor"):
            if isinstance(entity, Meter):
                entity.tell(Report({"calibrate": call.data["value"]}, call.context))

    def value(raw: Any) -> Decimal:
        found = _decimal(raw)
        if found is None:
            raise vol.Invalid("Value is not a number")
        return found

    home.services.register(
        "utility_meter", "reset", reset, LateSchema(TARGET_FIELDS), description="Begins a new period.",
        fields=fields_of("utility_meter", "reset"),
        target={"entity": [{"domain": ["select"], "integration": "utility_meter"}]},
    )  # fmt: skip
    home.services.register(
        "utility_meter", "calibrate", calibrate, LateSchema({**TARGET_FIELDS, vol.Required("value"): value}),
        description="Sets what a meter shows.", fields=fields_of("utility_meter", "calibrate"),
        target={"entity": [{"domain": ["sensor"], "integration": "utility_meter"}]},
    )  # fmt: skip


# -- flow ------------------------------------------------------------------------------------------------------------


def _fields(own: tuple[str, ...]) -> Sequence[Field]:
    cycles = ("none", *PERIODS)
    return (
        Field("name", forms.text(), required=True, once=True),
        Field("source", forms.entity("sensor", exclude=own), required=True),
        Field("cycle", forms.select(cycles, translation_key="cycle"), required=True, once=True),
        Field(
            "offset", forms.number(minimum=0, maximum=28, mode="box", unit="days"), required=True, default=0, once=True
        ),
        Field(
            "tariffs", forms.select((), multiple=True, custom_value=True), required=True, default=[], once=True
        ),
        Field("net_consumption", forms.boolean(), required=True, default=False, once=True),
        Field("delta_values", forms.boolean(), required=True, default=False, once=True),
        Field("periodically_resetting", forms.boolean(), required=True, default=True),
        Field("always_available", forms.boolean(), default=False),
    )


def _check(_home: Home, values: Mapping[str, Any]) -> None:
    tariffs = values.get("tariffs") or []
    if len(set(tariffs)) != len(tariffs):
        raise Refused("tariffs_not_unique")
    if len(tariffs) > MAX_TARIFFS:
        raise Refused("too_many_tariffs")


def _setup(home: Home, entry: ConfigEntry) -> None:
    conf = entry.options
    source = home.registries.entities.get(home.states.current_id(str(conf["source"])))
    device_id = None if source is None else source.device_id
    tariffs = list(conf.get("tariffs") or [])
    if not tariffs:
        add_entity(home, entry, Meter(home, conf, None, None), entry.entry_id, device_id=device_id)
        return
    meters = [Meter(home, conf, tariff, tariffs[0]) for tariff in tariffs]
    for meter in meters:
        add_entity(home, entry, meter, f"{entry.entry_id}_{meter.tariff}", device_id=device_id)
    add_entity(home, entry, TariffSelect(home, conf, meters), entry.entry_id, device_id=device_id)


_Flow, _Options = helper_flows({"user": HelperForm(_fields, _check)})
INTEGRATION = Integration(
    "utility_meter", "Utility Meter", _setup, start=_start, flow=_Flow, options_flow=_Options, kind="helper",
    iot_class="local_push",
)  # fmt: skip
