"""A camera that knows faces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.bridges.demo.item import Item
from marge.domains.image_processing import FaceEntity

if TYPE_CHECKING:
    from marge.home import Home

_FACES: tuple[dict[str, Any], ...] = (
    {"confidence": 98.34, "name": "Hans", "age": 16.0, "gender": "male"},
    {"name": "Helena", "age": 28.0, "gender": "female"},
    {"confidence": 62.53, "name": "Luna"},
)
TOTAL = 4


class DemoFaces(FaceEntity):
    """Sees the same faces whenever it looks."""

    def on_add(self) -> None:
        self.scan()

    def scan(self) -> None:
        self.see([dict(face) for face in _FACES], TOTAL)


def items(home: Home) -> Iterator[Item]:
    yield Item("image_processing.demo_face", DemoFaces(home), "Demo Face")
