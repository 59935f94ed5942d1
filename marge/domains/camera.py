"""Cameras: on, off, motion detection, pictures. There is no video: streams are refused in HA's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import voluptuous as vol

from marge.actors import native
from marge.domains._catalog import service
from marge.domains._files import is_allowed, write_whole
from marge.domains._pictures import Picture, TokenEntity, rotate_tokens
from marge.domains._validators import entity_id, list_of, string
from marge.domains._virtual import keep, to, virtual
from marge.domains.calendar import answered
from marge.entities import Domain
from marge.errors import HomeError, MargeError

if TYPE_CHECKING:
    from marge.home import Home

ON_OFF, STREAM = 1, 2
MAX_RECORDING_S, MAX_LOOKBACK_S = 3600, 300
HLS = "hls"


class CameraEntity(TokenEntity):
    """One that somebody owns. Owners override `picture(width, height)`, `turn_on()`, `turn_off()`,
    `enable_motion_detection()`, `disable_motion_detection()`.

    Attributes:
        frame_interval_s: how long one picture of a stream of pictures is shown.
    """

    domain = "camera"
    is_on: bool = True
    is_recording: bool = False
    is_streaming: bool = False
    detects_motion: bool = False
    brand: str | None = None
    model: str | None = None
    frame_interval_s: float = 0.5
    supported_features: int = 0

    def __init__(self, home: Home) -> None:
        self.home = home

    # -- for owners --------------------------------------------------------------------------------------------------

    def picture(self, width: int | None = None, height: int | None = None) -> Picture | None:
        """What the camera sees now, about as large as asked for; None: nothing. Called in the asker's greenlet, outside
        the actor: it may wait, and only reads what is replaced as a whole."""
        return None

    def turn_on(self) -> Any:
        self.is_on = True

    def turn_off(self) -> Any:
        self.is_on = False

    def enable_motion_detection(self) -> Any:
        self.detects_motion = True

    def disable_motion_detection(self) -> Any:
        self.detects_motion = False

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_snapshot(self, filename: str) -> Any:
        return answered(lambda: self._write_picture(filename))

    def _write_picture(self, filename: str) -> None:
        try:
            path = self.home.templates.render_text(filename, {"entity_id": self._as_variable()})
        except MargeError as exc:
            raise HomeError(str(exc)) from exc
        if not native.run(is_allowed, self.home, path):
            raise HomeError(
                f"Cannot write `{path}`, no access to path; `allowlist_external_dirs` may need to be adjusted in "
                "`configuration.yaml`"
            )
        picture = self.picture()
        if picture is None:
            raise HomeError("Unable to get image")
        problem = native.run(write_whole, path, picture.data)
        if problem is not None:
            raise HomeError(f"Can't write image to file: {problem}")

    def _as_variable(self) -> dict[str, Any]:
        """What a file name may be made of: `{{ entity_id.name }}`."""
        return {"entity_id": self.entity_id, "name": self.name or self.entity_id}

    def handle_record(self, **_data: Any) -> None:
        raise HomeError(f"{self.entity_id} does not support record service")

    def handle_play_stream(self, **_data: Any) -> None:
        raise HomeError(f"{self.entity_id} does not support play stream service")

    # -- what it shows -----------------------------------------------------------------------------------------------

    @property
    def stream_types(self) -> list[str]:
        """What a frontend may ask the camera for."""
        return [HLS] if self.supported_features & STREAM else []

    def state_value(self) -> str | None:
        if self.is_recording:
            return "recording"
        return "streaming" if self.is_streaming else "idle"

    def capability_attributes(self) -> dict[str, Any]:
        self.entity_picture = f"/api/camera_proxy/{self.entity_id}?token={self.access_token}"
        return {}

    def state_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {"access_token": self.access_token}
        if self.model is not None:
            shown["model_name"] = self.model
        if self.brand is not None:
            shown["brand"] = self.brand
        if self.detects_motion:
            shown["motion_detection"] = True
        if self.stream_types:
            shown["frontend_stream_type"] = self.stream_types[0]
        return shown


def _setup(home: Home, _section: Any) -> None:
    rotate_tokens(home, "camera")


def _seconds(most: int) -> Any:
    return vol.All(vol.Coerce(int), vol.Range(min=0, max=most))


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
        "snapshot": service(
            "camera", "snapshot", "handle_snapshot", "Writes the picture to a file in an allowed folder.",
            {vol.Required("filename"): string},
        ),
        "play_stream": service(
            "camera", "play_stream", "handle_play_stream", "Plays the video on players.",
            {vol.Required("media_player"): list_of(entity_id), vol.Optional("format", default=HLS): vol.In((HLS,))},
            STREAM,
        ),
        "record": service(
            "camera", "record", "handle_record", "Writes the video to a file.",
            {
                vol.Required("filename"): string,
                vol.Optional("duration", default=30): _seconds(MAX_RECORDING_S),
                vol.Optional("lookback", default=0): _seconds(MAX_LOOKBACK_S),
            },
            STREAM,
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
    setup=_setup,
)  # fmt: skip
