"""`/api/tts_get_url`, `/api/tts_proxy`, `/api/stt`: engines that speak, and those that listen."""

from __future__ import annotations

from typing import Any

import structlog
import voluptuous as vol

from marge.domains.stt import SttEntity
from marge.errors import HomeError
from marge.home import Home
from marge.http.assist import speech_of
from marge.http.errors import HttpError
from marge.http.message import Reply, Request, json_reply, message_reply
from marge.http.routing import route
from marge.http.shapes import BYTES, OBJECT, STRING, TEXT, Answer, Body, maybe, obj

log = structlog.get_logger("marge.http")

_GET_URL = vol.Schema(
    {
        vol.Optional("engine_id"): str,
        vol.Optional("platform"): str,
        vol.Optional("message"): str,
        vol.Optional("language"): vol.Any(str, None),
        vol.Optional("options"): vol.Any(dict, None),
        vol.Optional("cache"): object,
    },
    extra=vol.REMOVE_EXTRA,
)


@route(
    "POST", "/api/tts_get_url",
    body=_GET_URL,
    replies={200: Answer("Where it is.", obj(url=STRING, path=STRING)), 500: Answer("Nothing was said.", STRING, TEXT)},
)  # fmt: skip
def get_url(home: Home, request: Request) -> Reply:
    """Have something said; where it can be heard."""
    try:
        data = _GET_URL(request.json("Invalid JSON specified"))
    except vol.Invalid:
        return message_reply("Must specify platform and message", 400)
    engine_id, message = data.get("engine_id") or data.get("platform"), data.get("message")
    if not engine_id or not message:
        return message_reply("Must specify platform and message", 400)
    speech = speech_of(home)
    try:
        clip = speech.say(engine_id, message, data.get("language"), data.get("options"))
    except HomeError as exc:
        log.warning("nothing was said", engine=engine_id[:50], reason=str(exc))
        raise HttpError(500) from exc
    return json_reply({"url": speech.url(clip.path), "path": clip.path})


@route(
    "GET", "/api/tts_proxy/<name>", access="open",
    replies={200: Answer("Sound.", STRING, "audio/*"), 404: Answer("Nothing of this name.", content_type=None)},
)  # fmt: skip
def proxy(home: Home, request: Request) -> Reply:
    """What was said; the name is the secret."""
    clip = speech_of(home).clip(request.args["name"])
    return Reply(404) if clip is None else Reply(200, clip.data, clip.mime_type)


@route("GET", "/api/stt/<provider>", replies={200: Answer("What it takes.", OBJECT)})
def capabilities(home: Home, request: Request) -> Reply:
    """What kind of sound the engine takes."""
    return json_reply(_listener(home, request).capabilities())


@route(
    "POST", "/api/stt/<provider>",
    body=Body(STRING, BYTES, shape=True),
    replies={
        200: Answer("The words.", obj(text=maybe(STRING), result=STRING)),
        415: Answer("Not this kind of sound.", STRING, TEXT),
    },
)  # fmt: skip
def listen(home: Home, request: Request) -> Reply:
    """The words in a sound."""
    engine = _listener(home, request)
    header = request.headers.get("x-speech-content")
    if not header:
        raise HttpError(400, "Missing X-Speech-Content header")
    metadata = _metadata(header)
    if metadata is None:
        raise HttpError(400, "Invalid X-Speech-Content header")
    if not engine.takes(metadata):
        raise HttpError(415)
    text = engine.transcribe(request.body, metadata)
    return json_reply({"text": text, "result": "error" if text is None else "success"})


def _listener(home: Home, request: Request) -> SttEntity:
    found = home.entities.owned.get(request.args["provider"])
    if not isinstance(found, SttEntity):
        raise HttpError(404)
    return found


def _metadata(header: str) -> dict[str, Any] | None:
    """`format=wav; codec=pcm; sample_rate=16000; bit_rate=16; channel=1; language=en`."""
    found: dict[str, Any] = {}
    for part in header.split(";"):
        key, _equals, value = part.partition("=")
        found[key.strip()] = value.strip()
    try:
        for key in ("bit_rate", "channel", "sample_rate"):
            found[key] = int(found[key])
        return found if {"language", "format", "codec"} <= found.keys() else None
    except (KeyError, ValueError):
        return None
