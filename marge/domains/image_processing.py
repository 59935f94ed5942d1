"""What programs see in pictures: faces, for example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from marge.domains._catalog import service
from marge.domains._virtual import keep, virtual
from marge.entities import Domain, Entity
from marge.model import Event

if TYPE_CHECKING:
    from marge.home import Home

DETECT_FACE = "image_processing.detect_face"
CONFIDENCE_PERCENT = 80.0
"""A face that is less certain is shown, but not announced."""


class ImageProcessingEntity(Entity):
    """One that somebody owns. Owners override `scan()`: look now."""

    domain = "image_processing"

    def __init__(self, home: Home) -> None:
        self.home = home

    def scan(self) -> Any:
        """Look at the picture now; the owner's part."""


class FaceEntity(ImageProcessingEntity):
    """Sees faces. The state is the name of the surest one; each sure one is an event."""

    device_class: str | None = "face"
    faces: Sequence[dict[str, Any]] = ()
    total_faces: int = 0

    def see(self, faces: list[dict[str, Any]], total: int) -> None:
        """These faces are in the picture: `name`, and perhaps `confidence` (percent), `age`, `gender`.

        Args:
            total: how many there are, the unknown ones too.
        """
        for face in faces:
            if face.get("confidence", 100.0) >= CONFIDENCE_PERCENT:
                face["entity_id"] = self.entity_id
                self.home.bus.publish(Event(DETECT_FACE, dict(face), self.context, self.home.clock.now()))
        self.faces, self.total_faces = faces, total

    def state_value(self) -> str | None:
        sure = max(self.faces, key=lambda face: face.get("confidence", 0.0), default=None)
        return None if sure is None else sure.get("name")

    def state_attributes(self) -> dict[str, Any]:
        return {"faces": self.faces, "total_faces": self.total_faces}


DOMAIN = Domain(
    "image_processing",
    services={"scan": service("image_processing", "scan", "scan", "Looks at the picture now.")},
    entity=ImageProcessingEntity,
    virtual=virtual({"scan": keep("unknown")}),
)
