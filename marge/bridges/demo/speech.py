"""A voice for trying things out: a tone a word, higher for longer words."""

from __future__ import annotations

import array
import io
import math
import wave
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marge.conversation.speech import SHARED, Speech, TtsEngine

if TYPE_CHECKING:
    from marge.home import Home

RATE = 8_000
_TONE_S, _PAUSE_S = 0.12, 0.05
_MAX_WORDS = 200
_LOUDNESS = 8_000


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
    """Offer the engine `demo`."""
    speech = home.shared.get(SHARED)
    if isinstance(speech, Speech):
        speech.register(TtsEngine("demo", "Demo", ("en", "de"), tones))
