"""Small copies of the pictures in the media folder, made when they are first looked at.

They are kept in `.cache/media` of the configuration directory, a bounded number of them, by name, time and size of the
picture: another picture of the same name has a copy of its own. Not here: which files may be seen, and HTTP.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from gevent.lock import BoundedSemaphore

from marge.actors import native
from marge.errors import InvalidRequest
from marge.util.atomic import write_atomically

if TYPE_CHECKING:
    from marge.home import Home

SHARED = "media_thumbnails"
SIDE = 320
"""Pixels of the longer side."""
QUALITY = 80
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
MAX_PIXELS = 40_000_000
MAX_PIXELS_JPEG = 89_000_000
"""A JPEG is read at an eighth of its size, if that is enough; of larger ones the library itself warns."""
MAX_KEPT = 2_000
"""Copies, of about 15 KB each."""
LOOK_EVERY = 100
"""So many new ones may be over the limit."""
OPAQUE, CLEAR = ".jpg", ".png"
TYPES = {OPAQUE: "image/jpeg", CLEAR: "image/png"}


class Library(NamedTuple):
    """What is used of the library for pictures."""

    open: Callable[..., Any]
    upright: Callable[..., Any]


class Thumbnails:
    """The copies of a home. Its methods wait."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._turn = BoundedSemaphore(1)  # large pictures take a core and memory while they are read
        self._new = 0

    def of(self, picture: Path) -> Path:
        """The copy of a picture.

        Raises:
            InvalidRequest: it is none that can be read, or too large.
        """
        name = native.run(_name_of, picture)
        if name is None:
            raise InvalidRequest("there is no such picture")
        kept = native.run(_kept, self.folder, name)
        if kept is None:
            with self._turn:
                # Somebody may have made it while we waited.
                kept = native.run(_kept, self.folder, name)
                if kept is None:
                    kept = native.attempt((InvalidRequest,), _make, _library(), picture, self.folder, name)
                    self._new += 1
                    if self._new % LOOK_EVERY == 1 % LOOK_EVERY:
                        native.run(_trim, self.folder, kept)
        return kept


def thumbnails_of(home: Home) -> Thumbnails:
    """The home's own."""
    found = home.shared.get(SHARED)
    if found is None:
        found = home.shared[SHARED] = Thumbnails(home.config.config_dir / ".cache" / "media")
    return found


@cache
def _library() -> Library:
    """Imported when the first picture is looked at; on the hub, since a native thread must not import."""
    from PIL import Image, ImageOps, MpoImagePlugin, WebPImagePlugin  # noqa: F401 - the plugins register themselves

    Image.preinit()
    return Library(Image.open, ImageOps.exif_transpose)


# -- in a native thread ------------------------------------------------------------------------------------------------


def _name_of(picture: Path) -> str | None:
    """The copy's name without its ending; None: there is no such file."""
    try:
        about = picture.stat()
    except OSError:
        return None
    known_by = f"{picture}\0{about.st_mtime_ns}\0{about.st_size}"
    return hashlib.sha256(known_by.encode("utf-8", "surrogateescape")).hexdigest()


def _kept(folder: Path, name: str) -> Path | None:
    return next((path for ending in TYPES if (path := folder / f"{name}{ending}").is_file()), None)


def _make(library: Library, picture: Path, folder: Path, name: str) -> Path:
    out = BytesIO()
    try:
        with library.open(picture, formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > (MAX_PIXELS_JPEG if opened.format in ("JPEG", "MPO") else MAX_PIXELS):
                raise InvalidRequest("the picture has too many pixels")
            opened.thumbnail((SIDE, SIDE))
            small = library.upright(opened)
            is_clear = "A" in small.getbands() or "transparency" in small.info
            ending = CLEAR if is_clear else OPAQUE
            if is_clear:
                small.convert("RGBA").save(out, format="PNG")
            else:
                small.convert("RGB").save(out, format="JPEG", quality=QUALITY)
    except InvalidRequest:
        raise
    except Exception as exc:  # noqa: BLE001 - the library's plugins raise anything for broken files
        raise InvalidRequest("the picture cannot be read") from exc
    path = folder / f"{name}{ending}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path, out.getvalue())
    except OSError as exc:
        raise InvalidRequest(f"the small picture cannot be kept: {exc.strerror}") from exc
    return path


def _trim(folder: Path, newest: Path) -> None:
    """Forget the oldest beyond the limit, and what a crash left half written."""
    with os.scandir(folder) as entries:
        found = [(entry.stat().st_mtime, entry.path) for entry in entries if entry.is_file()]
    for _time, path in sorted(found)[: max(0, len(found) - MAX_KEPT)]:
        if path != str(newest):
            with suppress(OSError):
                os.unlink(path)
