"""Cameras. Pictures and streams are not supported here; on, off and motion detection are."""

from __future__ import annotations

from typing import Any

from marge.domains._catalog import service
from marge.domains._virtual import keep, to, virtual
from marge.entities import Domain, Entity

ON_OFF, STREAM = 1, 2


class CameraEntity(Entity):
    """One that somebody owns. Owners override `turn_on()`, `turn_off()`, `enable_motion_detection()`,
    `disable_motion_detection()`."""

    domain = "camera"
    is_on: bool = True
    is_recording: bool = False
    is_streaming: bool = False
    detects_motion: bool = False
    brand: str | None = None
    model: str | None = None
    supported_features: int = 0

    def turn_on(self) -> Any:
        self.is_on = True

    def turn_off(self) -> Any:
        self.is_on = False

    def enable_motion_detection(self) -> Any:
        self.detects_motion = True

    def disable_motion_detection(self) -> Any:
        self.detects_motion = False

    def state_value(self) -> str | None:
        if self.is_recording:
            return "recording"
        return "streaming" if self.is_streaming else "idle"

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if self.model is not None:
            shown["model_name"] = self.model
        if self.brand is not None:
            shown["brand"] = self.brand
        if self.detects_motion:
            shown["motion_detection"] = True
        return shown


DOMAIN = Domain(
    "camera",
    services={
        "turn_on": service("camera", "turn_on", "turn_on", "Turns cameras on.", features=ON_OFF),
        "turn_off": service("camera", "turn_off", "turn_off", "Turns cameras off.", features=ON_OFF),
        "enable_motion_detection": service(
            "camera", "enable_motion_detection", "enable_motion_detection", "Lets cameras look for motion."
        ),
        "disable_motion_detection": service(
            "camera", "disable_motion_detection", "disable_motion_detection", "Lets cameras ignore motion."
        ),
    },
    entity=CameraEntity,
    virtual=virtual(
        {
            "turn_on": to("streaming"),
            "turn_off": to("idle"),
            "enable_motion_detection": keep("idle", motion_detection=True),
            "disable_motion_detection": keep("idle", motion_detection=False),
        }
    ),
)
