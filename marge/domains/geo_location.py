"""Things that happen somewhere: earthquakes, fires. They come and go, and have no services."""

from __future__ import annotations

from typing import Any

from marge.entities import Domain, Entity


class GeoLocationEntity(Entity):
    """The state is the distance from the home, in `unit_of_measurement`.

    Attributes:
        source: who tells of it; automations choose by it.
    """

    domain = "geo_location"
    distance: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    source: str = ""

    def state_value(self) -> str | None:
        return None if self.distance is None else str(round(self.distance, 1))

    def state_attributes(self) -> dict[str, Any]:
        shown = {"latitude": self.latitude, "longitude": self.longitude}
        where = {key: round(value, 5) for key, value in shown.items() if value is not None}
        return {"source": self.source, **where}


DOMAIN = Domain("geo_location", entity=GeoLocationEntity)
