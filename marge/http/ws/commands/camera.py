"""Cameras: what they can do, how people like to see them, and that there is no video."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.domains._validators import entity_id
from marge.domains.camera import HLS, CameraEntity
from marge.errors import HomeError
from marge.home import Home
from marge.http.rest.permissions import check_may_control
from marge.http.ws.errors import CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

_PREFIX = "camera_prefs/"
_CAMERA = {vol.Required("entity_id"): entity_id}
_ORIENTATIONS = range(1, 9)
"""EXIF's: 1 is upright."""


@command("camera/capabilities", _CAMERA)
def capabilities(session: Session, message: dict[str, Any]) -> None:
    """Ways to see a camera move."""
    camera = _need(session.home, message["entity_id"])
    session.result(message["id"], {"frontend_stream_types": camera.stream_types})


@command("camera/stream", {**_CAMERA, vol.Optional("format", default=HLS): vol.In((HLS,))})
def stream(session: Session, message: dict[str, Any]) -> None:
    """Refused: no camera here has video."""
    camera = session.home.entities.owned.get(message["entity_id"])
    if not isinstance(camera, CameraEntity):
        raise CommandError("start_stream_failed", "Camera not found")
    raise CommandError("start_stream_failed", f"{camera.entity_id} does not support play stream service")


@command("camera/get_prefs", _CAMERA, waits=True)
def prefs(session: Session, message: dict[str, Any]) -> None:
    """How people like to see a camera."""
    session.result(message["id"], _prefs(session.home, message["entity_id"]))


@command(
    "camera/update_prefs",
    {
        **_CAMERA,
        vol.Optional("preload_stream"): bool,
        vol.Optional("orientation"): vol.All(int, vol.In(_ORIENTATIONS)),
    },
    waits=True,
)
def update_prefs(session: Session, message: dict[str, Any]) -> None:
    """Change that."""
    check_may_control(session.user)
    home, camera_id = session.home, message["entity_id"]
    if "orientation" in message:
        entry = home.registries.entities.get(camera_id)
        if entry is None:
            raise CommandError(
                "update_failed", "Orientation is only supported on entities set up through config flows"
            )
        options = {**entry.options.get("camera", {}), "orientation": message["orientation"]}
        home.registries.entities.update_options(camera_id, "camera", options)
    if "preload_stream" in message:
        _need(home, camera_id)
        home.storage.save(_PREFIX + camera_id, {"preload_stream": message["preload_stream"]})
    session.result(message["id"], _prefs(home, camera_id))


@command("camera/webrtc/get_client_config", _CAMERA)
def webrtc_config(session: Session, message: dict[str, Any]) -> None:
    """Refused, as all of WebRTC."""
    _refuse(session, message, "webrtc_get_client_config_failed")


@command("camera/webrtc/offer", {**_CAMERA, vol.Required("offer"): str})
def webrtc_offer(session: Session, message: dict[str, Any]) -> None:
    """Refused, as all of WebRTC."""
    _refuse(session, message, "webrtc_offer_failed")


@command(
    "camera/webrtc/candidate",
    {**_CAMERA, vol.Required("session_id"): str, vol.Required("candidate"): dict},
)
def webrtc_candidate(session: Session, message: dict[str, Any]) -> None:
    """Refused, as all of WebRTC."""
    _refuse(session, message, "webrtc_candidate_failed")


def _refuse(session: Session, message: dict[str, Any], code: str) -> None:
    camera = _need(session.home, message["entity_id"])
    # HA's way of writing a set of these; clients know the text.
    shown = "".join(["{", *[f"<StreamType.{each.upper()}: '{each}'>" for each in camera.stream_types], "}"])
    if not camera.stream_types:
        shown = "set()"
    raise CommandError(code, f"Camera does not support WebRTC, frontend_stream_types={shown}")


def _need(home: Home, camera_id: str) -> CameraEntity:
    camera = home.entities.owned.get(camera_id)
    if not isinstance(camera, CameraEntity):
        raise HomeError("Camera not found")
    if not camera.is_on:
        raise HomeError("Camera is off")
    return camera


def _prefs(home: Home, camera_id: str) -> dict[str, Any]:
    kept = home.storage.load(_PREFIX + camera_id)
    entry = home.registries.entities.get(camera_id)
    options = {} if entry is None else entry.options.get("camera", {})
    return {
        "preload_stream": bool(kept.get("preload_stream", False)) if isinstance(kept, dict) else False,
        "orientation": options.get("orientation", 1),
    }
