"""Air quality: what is in the air, in one entity. It has no services."""

from __future__ import annotations

from typing import Any

from marge.entities import Domain, Entity

_READINGS = (
    "air_quality_index", "ozone", "carbon_monoxide", "carbon_dioxide", "sulphur_dioxide", "nitrogen_oxide",
    "nitrogen_monoxide", "nitrogen_dioxide", "particulate_matter_0_1", "particulate_matter_10",
    "particulate_matter_2_5",
)  # fmt: skip


class AirQualityEntity(Entity):
    """Set the readings that there are. The state is the finest dust, in micrograms a cubic metre."""

    domain = "air_quality"
    unit_of_measurement: str | None = "µg/m³"
    air_quality_index: float | None = None
    ozone: float | None = None
    carbon_monoxide: float | None = None
    carbon_dioxide: float | None = None
    sulphur_dioxide: float | None = None
    nitrogen_oxide: float | None = None
    nitrogen_monoxide: float | None = None
    nitrogen_dioxide: float | None = None
    particulate_matter_0_1: float | None = None
    particulate_matter_10: float | None = None
    particulate_matter_2_5: float | None = None

    def state_value(self) -> str | None:
        return None if self.particulate_matter_2_5 is None else str(self.particulate_matter_2_5)

    def state_attributes(self) -> dict[str, Any]:
        shown = {key: getattr(self, key) for key in _READINGS}
        return {key: value for key, value in shown.items() if value is not None}


DOMAIN = Domain("air_quality", entity=AirQualityEntity)
