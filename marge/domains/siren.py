"""Sirens."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._on_off import OnOffEntity
from marge.domains._validators import integer, positive_int, small_float, string
from marge.domains._virtual import ON_OFF, virtual
from marge.entities import Domain
from marge.errors import InvalidValue

TURN_ON, TURN_OFF, TONES, VOLUME_SET, DURATION = 1, 2, 4, 8, 16


class SirenEntity(OnOffEntity):
    """A siren that somebody owns. Owners override `turn_on(tone=, volume_level=, duration=)` (only what it supports)
    and `turn_off()`.

    Attributes:
        available_tones: names, or a mapping from what is sent to the name.
        supported_features: the constants of this module.
    """

    domain = "siren"
    available_tones: list[Any] | dict[Any, str] | None = None
    supported_features: int = 0

    def handle_turn_on(self, **asked: Any) -> Any:
        features = self.supported_features
        tone = asked.get("tone")
        if tone is not None and features & TONES:
            asked["tone"] = self._known_tone(tone)
        for key, bit in (("tone", TONES), ("volume_level", VOLUME_SET), ("duration", DURATION)):
            if not features & bit:
                asked.pop(key, None)
        return self.turn_on(**asked)

    def handle_toggle(self) -> Any:
        return self.turn_off() if self.is_on else self.turn_on()

    def _known_tone(self, tone: Any) -> Any:
        tones = self.available_tones or []
        if tone in tones:
            return tone
        if isinstance(tones, dict):
            for sent, name in tones.items():
                if name == tone:
                    return sent
        # HA's clients see `unknown_error` with this text.
        raise InvalidValue(
            f"Invalid tone specified for entity {self.entity_id}: {tone}, check the available_tones attribute for "
            "valid tones to pass in"
        )

    def capability_attributes(self) -> dict[str, Any]:
        if self.supported_features & TONES and self.available_tones is not None:
            return {"available_tones": self.available_tones}
        return {}


DOMAIN = Domain(
    "siren",
    services={
        "turn_on": service(
            "siren", "turn_on", "handle_turn_on", "Lets sirens howl.",
            {
                vol.Optional("tone"): vol.Any(integer, string),
                vol.Optional("duration"): positive_int,
                vol.Optional("volume_level"): small_float,
            },
            TURN_ON,
        ),
        "turn_off": service("siren", "turn_off", "turn_off", "Silences sirens.", features=TURN_OFF),
        "toggle": service(
            "siren", "toggle", "handle_toggle", "Starts or silences sirens.", features=TURN_ON | TURN_OFF
        ),
    },
    entity=SirenEntity,
    virtual=virtual(ON_OFF),
)  # fmt: skip
