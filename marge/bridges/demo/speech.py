"""A voice for trying things out: a tone a word, higher for longer words."""

from __future__ import annotations

import array
import io
import math
import wave
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.conversation.speech import SHARED, Speech, TtsEngine
from marge.domains._catalog import fields_of, words
from marge.domains._validators import boolean, entity_ids, string

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

ENGINE = "demo"
RATE = 8_000
_TONE_S, _PAUSE_S = 0.12, 0.05
_MAX_WORDS = 200
_LOUDNESS = 8_000
_SAY = {
    vol.Required("message"): string,
    vol.Required("entity_id"): entity_ids,
    vol.Optional("cache", default=False): boolean,
    vol.Optional("language"): string,
    vol.Optional("options"): dict,
}


def tones(message: str, _language: str, _options: Mapping[str, Any]) -> bytes:
    """A WAV file, 8 kHz mono."""
    samples = array.array("h")
    for word in message.split()[:_MAX_WORDS]:
        pitch = 300 + 40 * min(len(word), 15)
        step = 2 * math.pi * pitch / RATE
        samples.extend(int(_LOUDNESS * math.sin(step * number)) for number in range(int(RATE * _TONE_S)))
        samples.extend([0] * int(RATE * _PAUSE_S))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return made.getvalue()


def register_voice(home: Home) -> None:
    """Offer the engine `demo`, and the service `tts.demo_say`."""
    speech = home.shared.get(SHARED)
    if not isinstance(speech, Speech):
        return
    speech.register(TtsEngine(ENGINE, "Demo", ("en", "de"), tones))

    def say(call: ServiceCall) -> None:
        clip = speech.say(ENGINE, call.data["message"], call.data.get("language"), call.data.get("options"))
        data = {
            "entity_id": call.data["entity_id"],
            "media_content_id": speech.url(clip.path),
            "media_content_type": "music",
            "announce": True,
        }
        home.services.call("media_player", "play_media", data, None, call.context)

    home.services.register(
        "tts", "demo_say", say, _SAY, description="Says something on media players.",
        fields=fields_of("tts", "demo_say"), name=words("demo_say"),
    )  # fmt: skip
