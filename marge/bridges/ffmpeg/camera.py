"""A camera whose pictures ffmpeg takes out of a stream, one process a picture."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gevent
import structlog
from gevent import subprocess
from gevent.lock import BoundedSemaphore

from marge.bridges.ffmpeg.program import find_program, picture_arguments
from marge.domains._pictures import Picture
from marge.domains.camera import CameraEntity
from marge.errors import BridgeError
from marge.redact import redact_text
from marge.util.child import before_exec

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.bridges.ffmpeg")

PICTURE_S = 10.0
MAX_PICTURE_BYTES = 16 << 20
AT_ONCE = 2
"""Of one camera: a page with ten viewers must not start ten decoders."""


class FfmpegCamera(CameraEntity):
    """Its pictures are taken when somebody asks."""

    brand = "FFmpeg"

    def __init__(self, home: Home, conf: Mapping[str, Any]) -> None:
        super().__init__(home)
        self.name = conf["name"]
        self._conf = conf
        self._at_once = BoundedSemaphore(AT_ONCE)

    def picture(self, width: int | None = None, height: int | None = None) -> Picture | None:
        if not self._at_once.acquire(timeout=PICTURE_S):
            return None
        try:
            data, complaint = _run(picture_arguments(find_program(self.home), self._conf, width))
        except (BridgeError, OSError) as exc:
            data, complaint = b"", str(exc)
        finally:
            self._at_once.release()
        if not data:
            log.warning("no picture", entity_id=self.entity_id, reason=redact_text(complaint)[:300])
            return None
        return Picture(data, "image/jpeg")


def _run(arguments: tuple[str, ...]) -> tuple[bytes, str]:
    """What the program wrote, and what it complained of; nothing when it took too long or wrote too much."""
    process = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=before_exec(memory_bytes=1 << 30, descriptors=256),
    )  # fmt: skip
    complaints = gevent.spawn(_read, process.stderr, 64 << 10)
    try:
        with gevent.Timeout(PICTURE_S, False):
            data = _read(process.stdout, MAX_PICTURE_BYTES)
            if len(data) > MAX_PICTURE_BYTES:
                return b"", "the picture is too large"
            process.wait()
            text = complaints.get().decode("utf-8", "replace").strip()
            return (data, text) if process.returncode == 0 else (b"", text or f"exit code {process.returncode}")
        return b"", f"ffmpeg took longer than {PICTURE_S:g} s"
    finally:
        if process.poll() is None:
            process.kill()
        complaints.kill(block=False)
        process.stdout.close()
        process.stderr.close()


def _read(stream: Any, most: int) -> bytes:
    """All of it, up to a little more than `most` bytes."""
    found = bytearray()
    while len(found) <= most:
        gevent.socket.wait_read(stream.fileno())
        chunk = os.read(stream.fileno(), 65_536)
        if not chunk:
            break
        found += chunk
    return bytes(found)
