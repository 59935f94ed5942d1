"""`/api/image/…`: pictures that people upload. `/api/file_upload`: files for whoever asked for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
import voluptuous as vol

from marge.errors import InvalidRequest, NotFound
from marge.home import Home
from marge.http.forms import checked
from marge.http.message import Reply, Request, json_reply, message_reply, status_reply
from marge.http.ranges import file_reply
from marge.http.rest.permissions import check_may_control
from marge.http.routing import route
from marge.http.shapes import FILE, STRING, Answer, obj, ref
from marge.http.uploads import Uploads, uploaded_file

if TYPE_CHECKING:
    from marge.domains.image_upload import Images

log = structlog.get_logger("marge.http")

_A_MONTH = {"Cache-Control": "public, max-age=2678400"}
_FILE_ID = vol.Schema({vol.Required("file_id"): str})


@route("POST", "/api/image/upload", body=FILE, replies={200: Answer("The picture.", ref("Picture"))})
def upload_image(home: Home, request: Request) -> Reply:
    """Keep a picture: the field `file` of a form."""
    check_may_control(request.user)
    images: Images = home.shared["images"]
    try:
        upload = uploaded_file(request)
        return json_reply(images.add(upload.data, upload.content_type, upload.name))
    except InvalidRequest as exc:
        log.info("an uploaded picture was refused", reason=str(exc))
        return status_reply(400)


@route(
    "GET", "/api/image/serve/<image_id>/<size>", access="open",
    replies={200: Answer("The picture.", STRING, "image/*")},
)  # fmt: skip
def serve_image(home: Home, request: Request) -> Reply:
    """A picture as it was sent (`original`), or a small copy (`256x256`, `512x512`). Its id is what opens it."""
    images: Images = home.shared["images"]
    item = images.collection.get(request.args["image_id"])
    if item is None:
        return status_reply(404)
    try:
        path = images.file(item, request.args["size"])
    except InvalidRequest:
        return status_reply(400)
    return status_reply(404) if path is None else file_reply(request, path, item["content_type"], _A_MONTH)


@route("POST", "/api/file_upload", body=FILE, replies={200: Answer("Its id.", obj(file_id=STRING))})
def upload_file(home: Home, request: Request) -> Reply:
    """Keep a file until it is taken."""
    check_may_control(request.user)
    try:
        return json_reply({"file_id": _uploads(home).keep(uploaded_file(request))})
    except InvalidRequest:
        return status_reply(400)


@route("DELETE", "/api/file_upload", body=_FILE_ID, replies={200: Answer("It is gone.", ref("Message"))})
def delete_file(home: Home, request: Request) -> Reply:
    """Forget an uploaded file."""
    try:
        _uploads(home).delete(checked(request, _FILE_ID)["file_id"])
    except NotFound:
        return message_reply("File not found", 404)
    return message_reply("File deleted")


def _uploads(home: Home) -> Uploads:
    found: Uploads | None = home.shared.get("file_upload")
    if found is None:
        found = home.shared["file_upload"] = Uploads()
    return found
