"""ffmpeg: motion in a video, noise in a sound, and single pictures of a stream.

A child process each for `binary_sensor: [{platform: ffmpeg_motion}]` and `ffmpeg_noise`; `camera: [{platform: ffmpeg}]`
runs ffmpeg for each picture. Nothing is started in a home that has none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind
from marge.bridges.ffmpeg.schema import CAMERA, MOTION, NOISE
from marge.integrations.yaml_platforms import YamlPlatform, items_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from marge.bridges.ffmpeg.camera import FfmpegCamera
    from marge.home import Home


def _camera(home: Home, conf: Mapping[str, Any]) -> FfmpegCamera:
    from marge.bridges.ffmpeg.camera import FfmpegCamera

    return FfmpegCamera(home, conf)


YAML_PLATFORMS = (
    YamlPlatform("ffmpeg_motion", "binary_sensor", MOTION),
    YamlPlatform("ffmpeg_noise", "binary_sensor", NOISE),
    YamlPlatform("ffmpeg", "camera", CAMERA, _camera),
)


def specs(home: Home) -> list[ChildSpec]:
    """A child for each sensor of the files."""
    from marge.bridges.ffmpeg.services import register
    from marge.bridges.ffmpeg.watch import FfmpegWatch, Watched

    found = [
        ChildSpec(f"ffmpeg_{number}", FfmpegWatch, (home, Watched(item)), backoff=BACKOFF)
        for number, item in enumerate(items_of(home, "ffmpeg_motion", "ffmpeg_noise"), 1)
    ]
    register(home, [f"/bridges/{spec.name}" for spec in found])
    return found


BRIDGE = BridgeKind("ffmpeg", specs, "ffmpeg")
