"""`/media/local/…`: the files of the home's media folder, whole or in pieces."""

from __future__ import annotations

import mimetypes

from marge.actors import native
from marge.domains.media_source import LocalSource, MediaError
from marge.home import Home
from marge.http.message import Reply, Request, status_reply
from marge.http.ranges import file_reply
from marge.http.routing import route

_KINDS = ("audio", "image", "video")
_NOTHING = Reply(404, b"", "application/octet-stream")


@route("GET", "/media/local/<path:location>")
@route("HEAD", "/media/local/<path:location>")
def local_media(home: Home, request: Request) -> Reply:
    """A sound, picture or film. Other files are not shown, whatever their names."""
    local: LocalSource = home.shared["local_media"]
    location = request.args["location"]
    mime = mimetypes.guess_type(location)[0] or ""
    try:
        path = local.find(location)
    except MediaError:
        return status_reply(400)
    if mime.partition("/")[0] not in _KINDS or not native.run(path.is_file):
        return _NOTHING
    return file_reply(request, path, mime)
