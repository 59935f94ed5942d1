"""Engines that turn speech into text. The state is when one was used last; they have no services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marge.entities import Domain, Entity
from marge.util.dt import iso


class SttEntity(Entity):
    """One that somebody owns. Owners override `transcribe`.

    Attributes:
        used_at: UTC epoch seconds.
        languages, formats, codecs, sample_rates, bit_rates, channels: what it takes.
    """

    domain = "stt"
    used_at: float | None = None
    languages: Sequence[str] = ()
    formats: Sequence[str] = ("wav",)
    codecs: Sequence[str] = ("pcm",)
    sample_rates: Sequence[int] = (16_000,)
    bit_rates: Sequence[int] = (16,)
    channels: Sequence[int] = (1,)

    def state_value(self) -> str | None:
        return None if self.used_at is None else iso(self.used_at)

    def capabilities(self) -> dict[str, Any]:
        """As `GET /api/stt/<entity_id>` shows them."""
        return {
            "languages": list(self.languages),
            "formats": list(self.formats),
            "codecs": list(self.codecs),
            "sample_rates": list(self.sample_rates),
            "bit_rates": list(self.bit_rates),
            "channels": list(self.channels),
        }

    def takes(self, metadata: Mapping[str, Any]) -> bool:
        """Whether it understands such sound."""
        return (
            metadata["language"] in self.languages
            and metadata["format"] in self.formats
            and metadata["codec"] in self.codecs
            and metadata["sample_rate"] in self.sample_rates
            and metadata["bit_rate"] in self.bit_rates
            and metadata["channel"] in self.channels
        )

    def transcribe(self, audio: bytes, metadata: Mapping[str, Any]) -> str | None:
        """The words; None: it could not tell. Called in a request's greenlet; may wait."""
        return None


DOMAIN = Domain("stt", entity=SttEntity)
