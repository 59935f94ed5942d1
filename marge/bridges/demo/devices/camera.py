"""Cameras that look at a drawn house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from marge.actors import native
from marge.bridges.demo.item import Item, with_fields
from marge.domains._pictures import Picture
from marge.domains.camera import ON_OFF, STREAM, CameraEntity

if TYPE_CHECKING:
    from marge.home import Home

FRAME_S = 5.0
"""How long the sun stands still."""


class DemoCamera(CameraEntity):
    """`kind`: `JPEG` or `PNG`."""

    is_streaming: bool = True
    kind: str = "JPEG"

    def picture(self, width: int | None = None, height: int | None = None) -> Picture:
        from marge.bridges.demo import drawing  # the library for pictures is big: only for those who look

        frame = int(self.home.clock.monotonic() / FRAME_S) % drawing.FRAMES
        data: bytes = native.run(drawing.house, frame, *drawing.size_within(width, height), self.kind)
        # The name that HA's cameras give JPEG, and that its clients know.
        return Picture(data, "image/jpg" if self.kind == "JPEG" else "image/png")

    def turn_on(self) -> None:
        self.is_on = self.is_streaming = True

    def turn_off(self) -> None:
        self.is_on = self.is_streaming = False


def items(home: Home) -> Iterator[Item]:
    for name, kind, features in (
        ("Demo camera", "JPEG", ON_OFF | STREAM),
        ("Demo camera png", "PNG", ON_OFF | STREAM),
        ("Demo camera without stream", "JPEG", ON_OFF),
    ):
        camera = with_fields(DemoCamera(home), kind=kind, supported_features=features)
        yield Item(f"camera.{name.lower().replace(' ', '_')}", camera, name)
