"""What stands at `/`: Marge's interface, Home Assistant's frontend, a folder of pages, or the page without a build.

Home Assistant's frontend is a package of its own (the extra `ha-frontend`) and is served unmodified. Not here: the
interface (`interface.py`), the page without a build (`pages.py`), what a frontend asks for afterwards (`rest/`, `ws/`).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import structlog
from jinja2 import Environment

from marge.home import Home
from marge.http.files import file_reply
from marge.http.interface import built_interface
from marge.http.message import Reply, Request

log = structlog.get_logger("marge.http")

PAGES = "pages"
"""In `home.shared`: the `Pages` of this home, if it has any."""
PACKAGE = "hass_frontend"
THEME_COLOR = "#18BCF2"
A_MONTH = "public, max-age=2678400"  # names of built files change with what is in them
_HTML = "text/html; charset=utf-8"
_STATIC = ("static", "frontend_latest", "frontend_es5")
_BUILT = ("/frontend_latest/", "/frontend_es5/")
_TOP = frozenset({"service_worker.js", "sw-modern.js", "sw-legacy.js", "onboarding.html"})
_REDIRECTS = {"/shopping-list": (301, "/todo"), "/.well-known/change-password": (302, "/profile")}
PANELS = frozenset(
    {
        "calendar", "config", "developer-tools", "energy", "history", "lovelace", "logbook", "map", "media-browser",
        "profile", "todo",
    }
)  # fmt: skip


class Pages(Protocol):
    """What a frontend answers with."""

    def early(self, request: Request) -> Reply | None:
        """A file of the build, of which a page has many: asked for before the routes are looked through, so below paths
        that no route has. None: it is none."""

    def front(self, request: Request) -> Reply:
        """`/`."""

    def authorize(self, request: Request) -> Reply | None:
        """`/auth/authorize`; None: Marge's own page."""

    def other(self, request: Request) -> Reply | None:
        """A path that no route takes; None: 404."""


class HomeAssistantFrontend:
    """The official frontend, as its package holds it."""

    def __init__(
        self,
        root: Path,
        has_owner: Callable[[], bool],
        panels: Callable[[], frozenset[str]],
        modules: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        """Args:
        panels: the first parts of the addresses that show the frontend, besides those it always has.
        modules: addresses of scripts that the configuration adds to each page.
        """
        self._root = root
        self._has_owner = has_owner
        self._panels = panels
        self._modules = modules
        template = (root / "index.html").read_text("utf-8")
        # The package's own file: trusted, and its placeholders are the contract between it and its server.
        self._template = Environment(autoescape=True).from_string(template)
        self._index: tuple[tuple[str, ...], bytes] | None = None

    def early(self, request: Request) -> Reply | None:
        return self.other(request) if request.path.startswith(_BUILT) else None

    def front(self, request: Request) -> Reply:
        if not self._has_owner():
            return Reply(302, headers={"Location": "/onboarding.html"})
        return Reply(200, self._page(), _HTML)

    def _page(self) -> bytes:
        """The page, made anew when the scripts to add have changed."""
        modules = self._modules()
        if self._index is None or self._index[0] != modules:
            made = self._template.render(theme_color=THEME_COLOR, extra_modules=modules, extra_js_es5=[])
            self._index = (modules, made.encode())
        return self._index[1]

    def authorize(self, request: Request) -> Reply | None:
        return file_reply(request, self._root, "authorize.html", "", twins=True)

    def other(self, request: Request) -> Reply | None:
        first, _, rest = request.path[1:].partition("/")
        if request.path in _REDIRECTS:
            status, place = _REDIRECTS[request.path]
            return Reply(status, f"{status}: {'Found' if status == 302 else 'Moved Permanently'}".encode(),
                         "text/plain; charset=utf-8", {"Location": place})  # fmt: skip
        if first in _STATIC:
            if not rest:
                return Reply(403, b"403: Forbidden", "text/plain; charset=utf-8")
            return file_reply(request, self._root, request.path[1:], A_MONTH, twins=True)
        if not rest and first in _TOP:
            # The service worker must be looked for anew each time; the onboarding page is kept, as in HA.
            return file_reply(request, self._root, first, A_MONTH if first == "onboarding.html" else "", twins=True)
        if first in PANELS or first in self._panels():
            return self.front(request)
        return None


class Folder:
    """A folder of pages: its files, and `index.html` for every address that is none of them."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def early(self, request: Request) -> Reply | None:
        return None

    def front(self, request: Request) -> Reply:
        return file_reply(request, self._root, "index.html")

    def authorize(self, request: Request) -> Reply | None:
        return None

    def other(self, request: Request) -> Reply | None:
        if request.path.startswith(("/api/", "/auth/")):
            return None
        reply = file_reply(request, self._root, request.path[1:])
        return self.front(request) if reply.status == 404 else reply


def pages_of(home: Home) -> Pages | None:
    """The pages that this home's settings ask for; None: the simple page that needs no build."""
    settings = home.config.marge
    if settings.frontend == "home-assistant":
        root = _package_folder()
        if root is not None:
            auth = home.shared["auth"]
            return HomeAssistantFrontend(
                root, lambda: auth.owner() is not None, lambda: _panels(home), lambda: _modules(home)
            )
        log.error(
            "Home Assistant's frontend is not installed, so `/` shows Marge's own; "
            "install it with: pip install 'marge[ha-frontend]'"
        )
    if settings.dashboard_path is not None:
        return Folder(settings.dashboard_path)
    if settings.frontend == "basic":
        return None
    interface = built_interface()
    if interface is None:
        log.warning("The web interface was not built, so `/` shows a simple page; build it with: make ui")
    return interface


def _package_folder() -> Path | None:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent


def _modules(home: Home) -> tuple[str, ...]:
    frontend = home.shared.get("frontend")
    return () if frontend is None else tuple(frontend.extra_modules)


def _panels(home: Home) -> frozenset[str]:
    frontend = home.shared.get("frontend")
    return frozenset() if frontend is None else frozenset(frontend.panels.shown_to(True))
