"""`/local/…`: the files of the folder `www` in the configuration directory, for everybody; and what browsers and
search engines ask of every site."""

from __future__ import annotations

from marge.actors import native
from marge.home import Home
from marge.http.files import content_type, inside
from marge.http.frontends import PAGES, HomeAssistantFrontend
from marge.http.message import Reply, Request
from marge.http.ranges import file_reply
from marge.http.routing import route
from marge.http.shapes import OBJECT, STRING, TEXT, Answer
from marge.model import dumps

_A_MONTH = {"Cache-Control": "public, max-age=2678400"}
_ROBOTS = b"User-agent: *\nDisallow: /"
_ANY, _MASKABLE = (192, 384, 512, 1024), (48, 72, 96, 128, 192, 384, 512)


@route("GET", "/local/<path:path>", access="open", replies={200: Answer("The file, of its own type.", STRING, "*/*")})
def local_file(home: Home, request: Request) -> Reply:
    """A file below `www`. Links that lead out of the folder lead nowhere."""
    root = home.config.config_dir / "www"
    path = native.run(inside, root, request.args["path"])
    if path is None:
        return Reply(404, b"", "text/plain", _A_MONTH)
    return file_reply(request, path, content_type(path.name), _A_MONTH)


@route("GET", "/robots.txt", access="open", cors=False, replies={200: Answer("Rules.", STRING, TEXT)})
def robots(_home: Home, _request: Request) -> Reply:
    """Nothing here is for search engines."""
    return Reply(200, _ROBOTS, "text/plain")


@route(
    "GET", "/manifest.json", access="open", cors=False,
    replies={200: Answer("The manifest.", OBJECT, "application/manifest+json")},
)  # fmt: skip
def manifest(home: Home, _request: Request) -> Reply:
    """What a telephone needs to put the home on its screen."""
    shown: dict[str, object] = {
        "background_color": "#FFFFFF",
        "description": "The smart home that stays at home.",
        "dir": "ltr",
        "display": "standalone",
        "icons": _icons(home),
        "id": "/?homescreen=1",
        "lang": "en-US",
        "name": "Marge",
        "prefer_related_applications": False,
        "related_applications": [],
        "screenshots": [],
        "short_name": "Marge",
        "start_url": "/?homescreen=1",
        "theme_color": "#18BCF2",
    }
    return Reply(200, dumps(shown), "application/manifest+json; charset=utf-8")


def _icons(home: Home) -> list[dict[str, str]]:
    """Those of Home Assistant's frontend while it is what is served; Marge's own page has none."""
    if not isinstance(home.shared.get(PAGES), HomeAssistantFrontend):
        return []
    kinds = (("any", "favicon", _ANY), ("maskable", "maskable_icon", _MASKABLE))
    return [
        {
            "purpose": purpose, "sizes": f"{side}x{side}", "src": f"/static/icons/{name}-{side}x{side}.png",
            "type": "image/png",
        }
        for purpose, name, sides in kinds
        for side in sides
    ]  # fmt: skip
