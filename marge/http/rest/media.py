"""`/media/local/…`: the files of the home's media folder, whole or in pieces."""

from __future__ import annotations

import mimetypes

from marge.actors import native
from marge.domains._pictures import HARMLESS, SVG
from marge.domains.media_source import LocalSource, MediaError, parse
from marge.errors import InvalidRequest
from marge.home import Home
from marge.http.message import Reply, Request, json_reply, status_reply
from marge.http.ranges import file_reply
from marge.http.routing import route
from marge.http.shapes import BYTES, MULTIPART, STRING, Answer, Body, obj
from marge.http.uploads import form_field, uploaded_file

_KINDS = ("audio", "image", "video")
_NOTHING = Reply(404, b"", "application/octet-stream")


@route(
    "GET", "/media/local/<path:location>",
    replies={
        200: Answer("The file, of its own type.", STRING, "*/*"),
        206: Answer("The asked for part of it.", STRING, "*/*"),
    },
)  # fmt: skip
@route(
    "HEAD", "/media/local/<path:location>",
    replies={
        200: Answer("The file, of its own type.", STRING, "*/*"),
        206: Answer("The asked for part of it.", STRING, "*/*"),
    },
)  # fmt: skip
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
    return file_reply(request, path, mime, HARMLESS if mime == SVG else None)


@route(
    "POST", "/api/media_source/local_source/upload", access="admin",
    body=Body(
        {
            "type": "object",
            "properties": {"media_content_id": STRING, "file": {"type": "string", "contentMediaType": BYTES}},
            "required": ["media_content_id", "file"],
        },
        MULTIPART, shape=True,
    ),
    replies={200: Answer("It is there.", obj(media_content_id=STRING))},
)  # fmt: skip
def upload_media(home: Home, request: Request) -> Reply:
    """Put a file into a folder of the media folder: a form with `media_content_id` (the folder's) and `file`."""
    local: LocalSource = home.shared["local_media"]
    try:
        folder = form_field(request, "media_content_id") or ""
        upload = uploaded_file(request)
        name, identifier = parse(folder)
        if name != local.name:
            raise MediaError("Unknown source directory.")
        local.add(identifier, upload.name, upload.data)
    except (InvalidRequest, MediaError):
        return status_reply(400)
    return json_reply({"media_content_id": f"{folder.rstrip('/')}/{upload.name}"})
