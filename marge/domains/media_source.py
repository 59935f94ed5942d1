"""Where things to play come from: the home's media folder, its cameras, and what others add. No entities.

`home.shared["media_sources"]` holds the sources by name. Not here: the wire.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote

from marge.actors import native
from marge.domains._media import BrowseMedia
from marge.entities import Domain
from marge.errors import MargeError, NotFound
from marge.util.atomic import write_atomically

if TYPE_CHECKING:
    from marge.home import Home

SHARED = "media_sources"
SCHEME = "media-source://"
LOCAL = "local"
MAX_CHILDREN = 5_000
"""Files of one folder that are listed; the rest is counted as not shown."""
MAX_LOOKED_AT = 100_000
_CLASSES: Mapping[str, str] = {"audio": "music", "video": "video", "image": "image"}
_LOGO = "https://brands.home-assistant.io/_/{}/logo.png"


class MediaError(MargeError):
    """There is no such thing to browse or to play."""


class Playable(NamedTuple):
    """How something is played: a path of this server, or a whole address, and what it is."""

    url: str
    mime_type: str | None


class MediaSource(Protocol):
    """One source. Its methods are called in the asker's greenlet and may wait; both raise `MediaError`."""

    name: str
    title: str

    def browse(self, identifier: str) -> BrowseMedia:
        """A place in the source; "" is its root."""

    def resolve(self, identifier: str) -> Playable:
        """How to play something of it."""


class MediaSources:
    """All sources by name."""

    def __init__(self) -> None:
        self._sources: dict[str, MediaSource] = {}

    def add(self, source: MediaSource) -> None:
        """Offer a source; it replaces one of the same name."""
        self._sources[source.name] = source

    def browse(self, content_id: str) -> BrowseMedia:
        """A place, by its content id; "" is the list of sources.

        Raises:
            MediaError: there is none.
        """
        name, identifier = parse(content_id) if content_id else ("", "")
        if not name:
            return self._root()
        return self._source(name).browse(identifier)

    def resolve(self, content_id: str) -> Playable:
        """How to play something.

        Raises:
            MediaError: there is no such thing.
        """
        name, identifier = parse(content_id)
        if not name or not identifier:
            raise MediaError("Unknown media source")
        return self._source(name).resolve(identifier)

    def _source(self, name: str) -> MediaSource:
        source = self._sources.get(name)
        if source is None:
            raise MediaError("Unknown media source")
        return source

    def _root(self) -> BrowseMedia:
        children = [
            BrowseMedia(
                source.title, "app", "app", f"{SCHEME}{source.name}", can_play=False, can_expand=True,
                thumbnail=_LOGO.format(source.name),
            )
            for source in sorted(self._sources.values(), key=lambda each: each.title)
        ]  # fmt: skip
        return BrowseMedia(
            "Media Sources", "app", "apps", SCHEME, can_play=False, can_expand=True, children=children,
            children_class="app",
        )  # fmt: skip


def parse(content_id: str) -> tuple[str, str]:
    """Name of the source and identifier in it.

    Raises:
        MediaError: it is no content id.
    """
    if not content_id.startswith(SCHEME) or "\x00" in content_id:
        raise MediaError("Invalid media source URI")
    name, _, identifier = content_id.removeprefix(SCHEME).partition("/")
    return name, identifier


# -- the home's folder -------------------------------------------------------------------------------------------------


class LocalSource:
    """The files of `<config>/media`. Whatever leads out of it (`..`, links) is not there."""

    name, title = "media_source", "My media"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, location: str) -> Path:
        """The file or folder; looks at the disk for links, so it blocks.

        Raises:
            MediaError: it leads out of the folder.
        """
        parts = [part for part in location.split("/") if part not in ("", ".")]
        if any(part == ".." or part.startswith(".") or "\\" in part for part in parts):
            raise MediaError("Invalid path.")
        path = self.folder.joinpath(*parts)
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError) as exc:
            raise MediaError("Invalid path.") from exc
        if not inside:
            raise MediaError("Invalid path.")
        return path

    def find(self, location: str) -> Path:
        """As `path_of`, waiting off the hub."""
        path: Path = _off_hub(self.path_of, location)
        return path

    def location(self, identifier: str) -> str:
        """The path below the folder.

        Raises:
            MediaError: of another folder; there is one, `local`.
        """
        folder, _, location = identifier.partition("/")
        if folder != LOCAL:
            raise MediaError("Unknown source directory.")
        return location

    def browse(self, identifier: str) -> BrowseMedia:
        found: BrowseMedia = _off_hub(self._browse, self.location(identifier or LOCAL))
        return found

    def resolve(self, identifier: str) -> Playable:
        location = self.location(identifier)
        path = self.find(location)
        if path == self.folder:
            raise MediaError("Path is not a file.")
        return Playable(f"/media/{LOCAL}/{quote(location)}", mimetypes.guess_type(path.name)[0])

    def add(self, identifier: str, name: str, data: bytes) -> None:
        """Put a file into a folder of this source. Only sounds, pictures and films are taken.

        Raises:
            MediaError: no such folder, or another kind of file, or it cannot be written.
        """
        location = self.location(identifier or LOCAL)
        if (mimetypes.guess_type(name)[0] or "").partition("/")[0] not in _CLASSES:
            raise MediaError("Only images, audio and video are allowed")
        _off_hub(self._add, f"{location}/{name}", data)

    def _add(self, location: str, data: bytes) -> None:
        path = self.path_of(location)
        if not path.parent.is_dir() or path.is_dir():
            raise MediaError("Target is not an existing directory")
        try:
            write_atomically(path, data)
        except OSError as exc:
            raise MediaError(exc.strerror or str(exc)) from exc

    def remove(self, identifier: str) -> None:
        """Delete a file.

        Raises:
            MediaError: no path of this source, or not a file, or it cannot be deleted.
            NotFound: there is no such file.
        """
        _off_hub(self._remove, self.location(identifier))

    def _remove(self, location: str) -> None:
        path = self.path_of(location)
        if not path.exists():
            raise NotFound("Path does not exist")
        if not path.is_file():
            raise MediaError("Path is not a file")
        try:
            path.unlink()
        except OSError as exc:
            raise MediaError(exc.strerror or str(exc)) from exc

    def _browse(self, location: str) -> BrowseMedia:
        path = self.path_of(location)
        if path == self.folder:
            path.mkdir(exist_ok=True)
        if not path.exists():
            raise MediaError("Path does not exist.")
        if not path.is_dir():
            raise MediaError("Path is not a directory.")
        children = sorted(self._children(path), key=lambda child: (child.can_play, child.title))
        return BrowseMedia(
            self.title if path == self.folder else path.name, "directory", "", self._content_id(path),
            can_play=False, can_expand=True, children=children[:MAX_CHILDREN],
            not_shown=max(0, len(children) - MAX_CHILDREN),
        )  # fmt: skip

    def _content_id(self, path: Path) -> str:
        return f"{SCHEME}{self.name}/{LOCAL}/{path.relative_to(self.folder)}"

    def _children(self, folder: Path) -> Iterator[BrowseMedia]:
        try:
            with os.scandir(folder) as entries:
                for entry in islice(entries, MAX_LOOKED_AT):
                    if entry.name.startswith("."):
                        continue
                    content_id = self._content_id(folder / entry.name)
                    if entry.is_dir():
                        yield BrowseMedia(entry.name, "directory", "", content_id, can_play=False, can_expand=True)
                        continue
                    mime = mimetypes.guess_type(entry.name)[0] or ""
                    kind = _CLASSES.get(mime.partition("/")[0])
                    if kind is not None and entry.is_file():
                        yield BrowseMedia(entry.name, kind, mime, content_id, can_play=True, can_expand=False)
        except OSError as exc:
            raise MediaError(exc.strerror or str(exc)) from exc


def _off_hub(function: Callable[..., Any], *args: Any) -> Any:
    """Wait for `function` in a native thread."""
    return native.attempt((MargeError,), function, *args)


# -- cameras -----------------------------------------------------------------------------------------------------------


class CameraSource:
    """The home's cameras: their pictures, one after the other."""

    name, title = "camera", "Camera"
    _mime = "multipart/x-mixed-replace"

    def __init__(self, home: Home) -> None:
        self._home = home

    def browse(self, identifier: str) -> BrowseMedia:
        if identifier:
            raise MediaError("Unknown item")
        children = [
            BrowseMedia(
                state.name, "video", self._mime, f"{SCHEME}{self.name}/{state.entity_id}", can_play=True,
                can_expand=False, thumbnail=f"/api/camera_proxy/{state.entity_id}",
            )
            for state in self._home.states.domain("camera")
            if state.entity_id in self._home.entities.owned
        ]  # fmt: skip
        return BrowseMedia(
            self.title, "app", "", f"{SCHEME}{self.name}", can_play=False, can_expand=True,
            children=children[:MAX_CHILDREN], not_shown=max(0, len(children) - MAX_CHILDREN), children_class="video",
        )  # fmt: skip

    def resolve(self, identifier: str) -> Playable:
        if not identifier.startswith("camera.") or identifier not in self._home.entities.owned:
            raise MediaError(f"Could not resolve media item: {identifier}")
        return Playable(f"/api/camera_proxy_stream/{identifier}", self._mime)


class UploadSource:
    """The pictures that people uploaded."""

    name, title = "image_upload", "Image Upload"

    def __init__(self, home: Home) -> None:
        self._home = home

    def _images(self) -> list[dict[str, Any]]:
        images = self._home.shared.get("images")
        return [] if images is None else list(images.collection.all())

    def browse(self, identifier: str) -> BrowseMedia:
        if identifier:
            raise MediaError("Unknown item")
        children = [
            BrowseMedia(
                image["name"], "image", image["content_type"], f"{SCHEME}{self.name}/{image['id']}", can_play=True,
                can_expand=False, thumbnail=f"/api/image/serve/{image['id']}/256x256",
            )
            for image in self._images()
        ]  # fmt: skip
        return BrowseMedia(
            self.title, "app", "", f"{SCHEME}{self.name}", can_play=False, can_expand=True, children=children,
            children_class="image",
        )  # fmt: skip

    def resolve(self, identifier: str) -> Playable:
        for image in self._images():
            if image["id"] == identifier:
                return Playable(f"/api/image/serve/{identifier}/original", image["content_type"])
        raise MediaError(f"Could not resolve media item: {identifier}")


def sources_of(home: Home) -> MediaSources:
    """The home's sources."""
    sources: MediaSources = home.shared[SHARED]
    return sources


def _setup(home: Home, _section: Any) -> None:
    sources = home.shared.setdefault(SHARED, MediaSources())
    local = LocalSource(home.config.config_dir / "media")
    sources.add(local)
    sources.add(CameraSource(home))
    sources.add(UploadSource(home))
    home.shared["local_media"] = local


DOMAIN = Domain("media_source", setup=_setup)
