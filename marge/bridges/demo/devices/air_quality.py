"""Air quality in two places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item, with_fields
from marge.domains.air_quality import AirQualityEntity

if TYPE_CHECKING:
    from marge.home import Home

ATTRIBUTION = "Powered by Home Assistant"


def items(home: Home) -> Iterator[Item]:
    for place, fine, coarse, nitrogen_oxide in (("Home", 14, 23, 100), ("Office", 4, 16, None)):
        air = with_fields(
            AirQualityEntity(), particulate_matter_2_5=fine, particulate_matter_10=coarse,
            nitrogen_oxide=nitrogen_oxide, attribution=ATTRIBUTION,
        )  # fmt: skip
        yield Item(f"air_quality.demo_air_quality_{place.lower()}", air, f"Demo Air Quality {place}")
