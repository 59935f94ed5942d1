"""Pictures of entities: cameras, images, players. Opened by a log-in, a signed address, or the entity's token."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import gevent
import structlog

from marge.domains._pictures import HARMLESS, SVG, Picture, TokenEntity
from marge.domains.camera import CameraEntity
from marge.domains.image import ImageEntity
from marge.domains.media_player import MediaPlayerEntity
from marge.home import Home
from marge.http.message import NO_HEADERS, Reply, Request, status_reply
from marge.http.routing import route
from marge.http.shapes import INTEGER, NUMBER, STRING, TEXT, Answer, Query

log = structlog.get_logger("marge.http")

PICTURE_TIMEOUT_S = 10.0
MIN_INTERVAL_S, MAX_INTERVAL_S = 0.5, 30.0
"""Of a stream. The longest: for as long a client that has gone may keep its place."""
REPEAT_S = 10.0
"""A picture that stands still is sent again after this time: else nobody would notice that the client has gone."""
MAX_STREAMS = 128
"""Streams at a time; each costs a greenlet and a connection."""
MAX_SIDE = 8192
BOUNDARY = "--frameboundary"
_HOUR = {"Cache-Control": "max-age=3600"}
_STREAMS = "picture_streams"
_PICTURE = {
    200: Answer("The picture, of its own type.", STRING, "image/*"),
    401: Answer("A bad log-in.", STRING, TEXT),
    403: Answer("No log-in, and no token of the entity.", STRING, TEXT),
    404: Answer("No such entity.", STRING, TEXT),
    500: Answer("There was no picture.", STRING, TEXT),
    503: Answer("It is off.", STRING, TEXT),
}

E = TypeVar("E", bound=TokenEntity)


@route(
    "GET", "/api/camera_proxy/<entity_id>", access="open",
    query={
        "token": "Of the entity, instead of a log-in.",
        "width": Query("Pixels.", INTEGER), "height": Query("Pixels.", INTEGER),
    },
    replies=_PICTURE,
)  # fmt: skip
def camera_picture(home: Home, request: Request) -> Reply:
    """What a camera sees now; `width` and `height` ask for a smaller picture."""
    camera = _entity(home, request, CameraEntity)
    refused = _refusal(request, camera)
    if refused is not None or camera is None:
        return refused or status_reply(404)
    if not camera.is_on:
        return status_reply(503)
    width, height = _side(request, "width"), _side(request, "height")
    if width == 0 or height == 0:
        return status_reply(400)
    picture = _in_time(lambda: camera.picture(width, height), camera.entity_id)
    return status_reply(500) if picture is None else _reply(picture)


@route(
    "GET", "/api/camera_proxy_stream/<entity_id>", access="open",
    query={"token": "Of the entity, instead of a log-in.", "interval": Query("Seconds between two pictures.", NUMBER)},
    replies={200: Answer("Pictures without end.", STRING, "multipart/x-mixed-replace")},
)  # fmt: skip
def camera_stream(home: Home, request: Request) -> Reply:
    """One picture after the other (`multipart/x-mixed-replace`) until the client goes; `interval` in seconds."""
    camera = _entity(home, request, CameraEntity)
    refused = _refusal(request, camera)
    if refused is not None or camera is None:
        return refused or status_reply(404)
    if not camera.is_on:
        return status_reply(503)
    interval = _interval(request, camera.frame_interval_s)
    if interval is None:
        return status_reply(400)
    running: set[object] = home.shared.setdefault(_STREAMS, set())
    if len(running) >= MAX_STREAMS:
        return status_reply(503)
    content_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
    return Reply(200, content_type=content_type, stream=_frames(home, camera, interval, running))


@route(
    "GET", "/api/image_proxy/<entity_id>", access="open",
    query={"token": "Of the entity, instead of a log-in."},
    replies=_PICTURE,
)  # fmt: skip
def image_picture(home: Home, request: Request) -> Reply:
    """The picture of an image entity."""
    image = _entity(home, request, ImageEntity)
    refused = _refusal(request, image)
    if refused is not None or image is None:
        return refused or status_reply(404)
    picture = _in_time(image.picture, image.entity_id)
    return status_reply(500) if picture is None else _reply(picture)


@route(
    "GET", "/api/media_player_proxy/<entity_id>", access="open",
    query={"token": "Of the entity, instead of a log-in."},
    replies=_PICTURE,
)  # fmt: skip
def player_picture(home: Home, request: Request) -> Reply:
    """The picture of what a player plays."""
    player = _entity(home, request, MediaPlayerEntity)
    if not _may(request, player):
        return Reply(401)
    if player is None:
        return Reply(404)
    picture = _in_time(player.picture, player.entity_id)
    return Reply(500) if picture is None else _reply(picture, _HOUR)


def _reply(picture: Picture, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    more = HARMLESS if picture.content_type.startswith(SVG) else NO_HEADERS
    return Reply(200, picture.data, picture.content_type, {**headers, **more})


# -- who may -----------------------------------------------------------------------------------------------------------


def _entity(home: Home, request: Request, kind: type[E]) -> E | None:
    entity = home.entities.owned.get(request.args["entity_id"])
    return entity if isinstance(entity, kind) else None


def _may(request: Request, entity: TokenEntity | None) -> bool:
    return request.user is not None or (entity is not None and entity.accepts(request.query.get("token")))


def _refusal(request: Request, entity: TokenEntity | None) -> Reply | None:
    """HA's replies: what there is not is no secret, a bad log-in is 401, everything else 403."""
    if entity is None:
        return status_reply(404)
    if _may(request, entity):
        return None
    return status_reply(401 if "authorization" in request.headers else 403)


# -- what is asked for -------------------------------------------------------------------------------------------------


def _side(request: Request, name: str) -> int | None:
    """A side in pixels; None: not asked for. 0: nonsense."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return min(max(int(text), 0), MAX_SIDE)
    except ValueError:
        return 0


def _interval(request: Request, usual: float) -> float | None:
    """Seconds between two pictures; None: nonsense."""
    text = request.query.get("interval")
    if text is None:
        return max(usual, MIN_INTERVAL_S)
    try:
        interval = float(text)
    except ValueError:
        return None
    if not math.isfinite(interval) or interval < MIN_INTERVAL_S:
        return None
    return min(interval, MAX_INTERVAL_S)


def _in_time(read: Callable[[], Picture | None], entity_id: str) -> Picture | None:
    """The picture, or None when it does not come in time or its owner fails."""
    try:
        with gevent.Timeout(PICTURE_TIMEOUT_S, False):
            return read()
    except Exception as exc:  # noqa: BLE001 - the border: an owner's picture
        log.warning("a picture could not be had", entity_id=entity_id, exc_info=exc)
    return None


def _frames(home: Home, camera: CameraEntity, interval: float, running: set[object]) -> Iterator[bytes]:
    """The parts of a stream. Ends with the client (its writes fail), when the camera goes or is turned off."""
    mark = object()
    running.add(mark)
    clock = home.clock
    try:
        last, sent_at, copies = b"", 0.0, 2  # the first one twice: browsers show a part when the next one begins
        while camera.is_on and camera.available and home.entities.owned.get(camera.entity_id) is camera:
            picture = _in_time(camera.picture, camera.entity_id)
            if picture is None:
                return
            if picture.data != last or clock.monotonic() - sent_at >= REPEAT_S:
                last, sent_at = picture.data, clock.monotonic()
                yield _part(picture) * copies
                copies = 1
            gevent.sleep(interval)
    finally:
        running.discard(mark)


def _part(picture: Picture) -> bytes:
    head = f"{BOUNDARY}\r\nContent-Type: {picture.content_type}\r\nContent-Length: {len(picture.data)}\r\n\r\n"
    return head.encode("ascii") + picture.data + b"\r\n"
