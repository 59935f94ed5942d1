"""Marge's own interface at `/`: what `ui/` was built into, with the headers that keep it safe and quick.

Not here: the page without a build (`pages.py`), what the interface asks for afterwards (`rest/`, `ws/`).
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from marge.http.files import Kept, file_reply
from marge.http.message import Reply, Request

FOR_EVER = "public, max-age=31536000, immutable"
"""Of files whose names change with what is in them."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'self'"
)
"""No script and no style but the built files, nothing from elsewhere. Pictures and sounds may be made in the page."""
_INDEX = "index.html"
_ASSETS = "/assets/"
_NOT_OURS = ("/api/", "/auth/", "/static/", "/local/", "/media/", "/.well-known/")


class Interface:
    """The built files, and the page for every address that is none of them and nobody else's."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._kept = Kept()

    def early(self, request: Request) -> Reply | None:
        return self.other(request) if request.path.startswith(_ASSETS) else None

    def front(self, request: Request) -> Reply:
        reply = file_reply(request, self._root, _INDEX, twins=True)
        return reply._replace(headers={**reply.headers, "Content-Security-Policy": POLICY})

    def authorize(self, request: Request) -> Reply | None:
        return None

    def other(self, request: Request) -> Reply | None:
        path = request.path
        if path.startswith(_NOT_OURS) or path in ("/api", "/auth"):
            return None
        if path.startswith(_ASSETS):
            reply = file_reply(request, self._root, path[1:], FOR_EVER, twins=True, kept=self._kept)
            # A page of an older build asks for a file that is gone: it must not get, and keep, the page in its place.
            return Reply(404, b"404: Not Found", "text/plain; charset=utf-8") if reply.status == 404 else reply
        reply = file_reply(request, self._root, path[1:], twins=True)
        return self.front(request) if reply.status == 404 else reply


def built_interface() -> Interface | None:
    """The interface as it lies in the package; None: it was not built. Blocks for a moment."""
    root = Path(str(files("marge.http.static").joinpath("ui")))
    return Interface(root) if (root / _INDEX).is_file() else None
