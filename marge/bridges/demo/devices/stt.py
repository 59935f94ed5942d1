"""An engine that turns speech into text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.bridges.demo.item import Item
from marge.domains.stt import SttEntity

if TYPE_CHECKING:
    from marge.home import Home


def items(home: Home) -> Iterator[Item]:
    yield Item("stt.demo_stt", SttEntity(), "Demo STT")
