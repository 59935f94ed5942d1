"""Pictures that people upload, for persons and areas: the files, and small copies of them.

They lie below `image/` of the configuration directory, a folder each. Not here: HTTP.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import gevent
import structlog
import voluptuous as vol

from marge.actors import native
from marge.domains._stored import NAME
from marge.entities import Domain
from marge.errors import InvalidRequest
from marge.storage.collection import Change, Collection, Item, collections_of, random_id
from marge.util.atomic import write_atomically
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains.image_upload")

TYPES: Mapping[str, str] = {"image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG"}
SIZES: Mapping[str, tuple[int, int]] = {"256x256": (256, 256), "512x512": (512, 512)}
ORIGINAL = "original"
MAX_BYTES = 10 << 20
MAX_PIXELS = 40_000_000
"""A few hundred bytes can claim to be a picture that fills the memory."""
MAX_IMAGES = 1000
UPDATE_FIELDS: dict[Any, Any] = {vol.Optional("name"): NAME}


def no_file(_value: Any) -> Any:
    """voluptuous validator: pictures come by HTTP, not in a message."""
    raise vol.Invalid("expected FileField")


CREATE_FIELDS: dict[Any, Any] = {vol.Required("file"): no_file}


class Pillow(NamedTuple):
    """What is used of the library for pictures."""

    open: Callable[..., Any]
    upright: Callable[..., Any]


class ImageCollection(Collection):
    """What is known of the pictures."""

    def __init__(self, home: Home) -> None:
        super().__init__(home.storage, "image", CREATE_FIELDS, update_fields=UPDATE_FIELDS, limit=MAX_IMAGES)


class Images:
    """The pictures of a home, in `home.shared["images"]`. Its methods wait for the disk."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.root = home.config.config_dir / "image"
        self.collection = ImageCollection(home)

    def load(self) -> None:
        self.collection.load()
        collections_of(self._home.shared)["image"] = self.collection
        self.collection.listen(self._changed)

    def add(self, data: bytes, content_type: str, name: str) -> Item:
        """Keep a picture.

        Raises:
            InvalidRequest: it is none, of another type, or too large; or there are too many.
        """
        if content_type not in TYPES:
            raise InvalidRequest("Only images are allowed")
        if len(data) > MAX_BYTES:
            raise InvalidRequest("The picture is too large")
        if len(self.collection) >= MAX_IMAGES:
            raise InvalidRequest(f"There can be no more than {MAX_IMAGES} pictures")
        native.attempt((InvalidRequest,), _check, _pillow(), data)
        image_id = random_id()
        native.run(_write, self.root / image_id / ORIGINAL, data)
        item = {
            "id": image_id, "filesize": len(data), "content_type": content_type, "name": name,
            "uploaded_at": iso(self._home.clock.now()),
        }  # fmt: skip
        self.collection.replace(item)
        return item

    def file(self, item: Item, size: str) -> Path | None:
        """The file of a picture, in this size; a small copy is made when it is first asked for. None: it is gone.

        Raises:
            InvalidRequest: there is no such size, or the picture cannot be read.
        """
        original = self.root / item["id"] / ORIGINAL
        if size == ORIGINAL:
            return original
        if size not in SIZES:
            raise InvalidRequest(f"there is no size {size}")
        copy = original.with_name(size)
        kind = TYPES[item["content_type"]]
        found = native.attempt((InvalidRequest,), _make_copy, _pillow(), original, copy, SIZES[size], kind)
        return copy if found else None

    def _changed(self, change: Change) -> None:
        if change.kind == "removed":
            gevent.spawn(native.run, shutil.rmtree, self.root / change.item_id, True)


@cache
def _pillow() -> Pillow:
    """Imported when the first picture comes, which saves 3 MB; on the hub, since a native thread must not import."""
    from PIL import Image, ImageOps

    Image.preinit()
    return Pillow(Image.open, ImageOps.exif_transpose)


# -- in a native thread ------------------------------------------------------------------------------------------------


def _check(pillow: Pillow, data: bytes) -> None:
    try:
        with pillow.open(BytesIO(data), formats=tuple(TYPES.values())) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise InvalidRequest("The picture has too many pixels")
            picture.verify()
    except InvalidRequest:
        raise
    except Exception as exc:  # noqa: BLE001 - Pillow's plugins raise anything for broken files
        raise InvalidRequest("Unable to identify image file") from exc


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data)


def _make_copy(pillow: Pillow, original: Path, copy: Path, size: tuple[int, int], kind: str) -> bool:
    if copy.is_file():
        return True
    if not original.is_file():
        return False
    out = BytesIO()
    try:
        with pillow.open(original, formats=(kind,)) as picture:
            turned = pillow.upright(picture)
            turned.thumbnail(size)
            turned.save(out, format=kind)
    except Exception as exc:  # noqa: BLE001 - as above
        raise InvalidRequest("the picture cannot be read") from exc
    write_atomically(copy, out.getvalue())
    return True


def _setup(home: Home, _section: Any) -> None:
    images = home.shared["images"] = Images(home)
    images.load()


DOMAIN = Domain("image_upload", setup=_setup)
