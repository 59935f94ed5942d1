"""`/api/media_thumbnail/local/…`: small copies of the pictures in the media folder, for those who browse it."""

from __future__ import annotations

import mimetypes

from marge.domains._thumbnails import TYPES, thumbnails_of
from marge.domains.media_source import LocalSource, MediaError
from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, status_reply
from marge.http.ranges import file_reply
from marge.http.routing import route
from marge.http.shapes import STRING, Answer

_KEEP = {"Cache-Control": "private, max-age=3600"}


@route(
    "GET", "/api/media_thumbnail/local/<path:location>",
    replies={200: Answer("The small picture.", STRING, "image/*")},
)  # fmt: skip
def local_thumbnail(home: Home, request: Request) -> Reply:
    """A picture of the media folder, 320 pixels at the most. 404: it is none, or cannot be read."""
    local: LocalSource = home.shared["local_media"]
    location = request.args["location"]
    if not (mimetypes.guess_type(location)[0] or "").startswith("image/"):
        return status_reply(404)
    try:
        copy = thumbnails_of(home).of(local.find(location))
    except MediaError:
        return status_reply(400)
    except InvalidRequest:
        return status_reply(404)
    return file_reply(request, copy, TYPES[copy.suffix], _KEEP)
