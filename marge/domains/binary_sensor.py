"""Binary sensors: something is the case (`on`) or not (`off`). They have no services."""

from __future__ import annotations

from marge.domains._on_off import OnOffEntity
from marge.entities import Domain


class BinarySensorEntity(OnOffEntity):
    """Set `is_on`; what `on` means is in `device_class` (motion, door, smoke, …)."""

    domain = "binary_sensor"


DOMAIN = Domain("binary_sensor", entity=BinarySensorEntity)
