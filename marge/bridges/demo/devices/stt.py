"""An engine that turns speech into text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item
from marge.domains.stt import SttEntity

if TYPE_CHECKING:
    from marge.home import Home

HEARD = "turn on the kitchen lights"


class DemoListener(SttEntity):
    """It hears the same in whatever is said."""

    languages = ("en", "de")
    sample_rates = (16_000, 44_100)
    channels = (2,)

    def transcribe(self, audio: bytes, metadata: Mapping[str, Any]) -> str | None:
        return HEARD if audio else None


def items(home: Home) -> Iterator[Item]:
    yield Item("stt.demo_stt", DemoListener(), "Demo STT")
