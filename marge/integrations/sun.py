"""The sun's config entry: a sensor for each time of the sun, beside `sun.sun`, which every home has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.domains.sensor import SensorEntity
from marge.domains.sun import ENTITY_ID
from marge.integrations._following import FollowingEntity
from marge.integrations.base import Imported, Integration
from marge.integrations.flow import CreateEntry, Flow, ShowForm, Step
from marge.integrations.forms import Form
from marge.integrations.host import add_entity
from marge.util.dt import parse_iso

if TYPE_CHECKING:
    from marge.home import Home
    from marge.registries import ConfigEntry

DOMAIN, TITLE = "sun", "Sun"


class Kind(NamedTuple):
    """One sensor. `attribute`: of `sun.sun`; unit None: a moment, or with `is_plain` the value as it is."""

    key: str
    name: str
    attribute: str
    unit: str | None = None
    is_plain: bool = False


_MOMENTS = ("dawn", "dusk", "midnight", "noon", "rising", "setting")
KINDS = (
    *(Kind(f"next_{each}", f"Next {each}", f"next_{each}") for each in _MOMENTS),
    Kind("solar_elevation", "Solar elevation", "elevation", "°"),
    Kind("solar_azimuth", "Solar azimuth", "azimuth", "°"),
    Kind("solar_rising", "Solar rising", "rising", is_plain=True),
)


class SunSensor(FollowingEntity, SensorEntity):
    """Shows one attribute of `sun.sun`."""

    shares_cause = False

    def __init__(self, home: Home, kind: Kind) -> None:
        super().__init__(home, {"name": f"{TITLE} {kind.name}"})
        self.follow(ENTITY_ID)
        self._kind = kind
        if kind.unit is not None:
            self.unit_of_measurement, self.state_class = kind.unit, "measurement"
        elif not kind.is_plain:
            self.device_class = "timestamp"

    def refresh(self) -> None:
        state = self.source()
        attributes: Mapping[str, Any] = {} if state is None else state.attributes
        value = attributes.get(self._kind.attribute)
        if self.device_class == "timestamp":
            moment = parse_iso(str(value))
            value = None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
        self.native_value = value


class SunFlow(Flow):
    """Asks whether to go on."""

    def step_user(self, user_input: dict[str, Any] | None) -> Step:
        return ShowForm("user", Form(())) if user_input is None else CreateEntry(TITLE)


def _setup(home: Home, entry: ConfigEntry) -> None:
    device = home.registries.devices.get_or_create(
        identifiers=[(DOMAIN, entry.entry_id)], config_entry_id=entry.entry_id, name=TITLE, entry_type="service"
    )
    for kind in KINDS:
        is_moment = kind.unit is None and not kind.is_plain
        add_entity(
            home, entry, SunSensor(home, kind), f"{entry.entry_id}-{kind.key}", device_id=device.id,
            original_name=kind.name, has_entity_name=True, entity_category="diagnostic", translation_key=kind.key,
            disabled_by=None if is_moment else "integration",
        )  # fmt: skip


INTEGRATION = Integration(
    DOMAIN, TITLE, _setup, flow=SunFlow, single_instance=True, imported=lambda _home: Imported(TITLE),
)  # fmt: skip
