"""Engines that speak. The state is when one spoke last. Which engines there are: `marge.conversation.speech`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._validators import boolean, entity_ids, string
from marge.domains.calendar import answered
from marge.entities import Domain, Entity
from marge.errors import HomeError
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home

_SPEECH = "speech"


class TtsEntity(Entity):
    """An engine; it is known to `home.shared["speech"]` under its entity id.

    Attributes:
        used_at: UTC epoch seconds.
    """

    domain = "tts"
    used_at: float | None = None

    def __init__(self, home: Home) -> None:
        self.home = home

    def state_value(self) -> str | None:
        return None if self.used_at is None else iso(self.used_at)

    def handle_speak(
        self,
        media_player_entity_id: list[str],
        message: str,
        cache: bool = True,
        language: str | None = None,
        options: dict[str, Any] | None = None,
    ) -> Any:
        self.used_at = self.home.clock.now()
        context = self.context

        def speak() -> None:
            speech = self.home.shared.get(_SPEECH)
            if speech is None:
                raise HomeError("There is no engine that speaks")
            clip = speech.say(self.entity_id, message, language, options)
            data = {
                "entity_id": media_player_entity_id,
                "media_content_id": speech.url(clip.path),
                "media_content_type": "music",
                "announce": True,
            }
            self.home.services.call("media_player", "play_media", data, None, context)

        return answered(speak)


DOMAIN = Domain(
    "tts",
    services={
        "speak": service(
            "tts", "speak", "handle_speak", "Says something on media players.",
            {
                vol.Required("media_player_entity_id"): entity_ids,
                vol.Required("message"): string,
                vol.Optional("cache", default=True): boolean,
                vol.Optional("language"): string,
                vol.Optional("options"): dict,
            },
        ),
    },
    entity=TtsEntity,
)  # fmt: skip
