"""The words of Google Cast, and what its statuses mean for a media player. Pure: not here: sockets, actors."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marge.bridges.lan.playback import Progress, public_picture
from marge.domains import media_player as player
from marge.errors import HomeError

HTTP_PORT, TLS_PORT = 8008, 8009
SENDER, PLATFORM = "sender-0", "receiver-0"
_URN = "urn:x-cast:com.google.cast"
CONNECTION, HEARTBEAT = f"{_URN}.tp.connection", f"{_URN}.tp.heartbeat"
RECEIVER, MEDIA = f"{_URN}.receiver", f"{_URN}.media"
MEDIA_PLAYER = "CC1AD845"
"""The app that every device has: it plays what is loaded by its address."""
_IDLE_SCREENS = frozenset({"E8C28D3C", "705D30C6"})
_CAN_SEEK, _CAN_NEXT, _CAN_PREVIOUS = 2, 64, 128
_KINDS = {1: "movie", 2: "tvshow", 3: "music"}
_PLAYBACK = {"PLAYING": "playing", "BUFFERING": "buffering", "LOADING": "buffering", "PAUSED": "paused"}
_DETAILS = {
    "media_title": "title", "media_artist": "artist", "media_album_name": "albumName",
    "media_album_artist": "albumArtist", "media_track": "trackNumber", "media_series_title": "seriesTitle",
    "media_season": "season", "media_episode": "episode",
}  # fmt: skip
_TYPES = {"music": "audio/mpeg", "playlist": "audio/mpeg", "video": "video/mp4", "movie": "video/mp4",
          "tvshow": "video/mp4", "image": "image/jpeg"}  # fmt: skip
MAX_TEXT = 255
MAX_URL = 4096

Object = Mapping[str, Any]


def table(value: object) -> Object:
    """The object; an empty one for anything else that a device may send in its place."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Object]:
    """The objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def number(value: object) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 else None


def word(value: object) -> str | None:
    """A text or a number as text, shortened; None for nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return text(value)


def text(value: object) -> str | None:
    """A text, shortened; None for anything else."""
    return value[:MAX_TEXT] if isinstance(value, str) and value.strip() else None


def application(receiver: Object) -> Object:
    """The app that runs; empty: none."""
    return next(iter(entries(receiver.get("applications"))), {})


def is_idle(app: Object) -> bool:
    """Whether nothing runs but, perhaps, the screen of an idle device."""
    return not app or app.get("isIdleScreen") is True or app.get("appId") in _IDLE_SCREENS


def transport_for_media(app: Object) -> str | None:
    """Where the app that runs takes media commands; None: it does not."""
    speaks = {each.get("name") for each in entries(app.get("namespaces"))}
    transport = app.get("transportId")
    return transport if MEDIA in speaks and isinstance(transport, str) and transport else None


def merged(before: Object, status: Object) -> Object:
    """A media status with what it left out because it had been told for the same session."""
    if "media" not in status and before.get("mediaSessionId") == status.get("mediaSessionId") and "media" in before:
        return {**status, "media": before["media"]}
    return status


def fields(receiver: Object, media: Object, media_at: float, progress: Progress) -> dict[str, Any]:
    """The fields of the media player.

    Args:
        receiver: the device's status. media: the app's, empty without one. media_at: when that was told.
    """
    app, volume = application(receiver), table(receiver.get("volume"))
    details: dict[str, Any] = {"is_volume_muted": volume.get("muted") is True}
    level = number(volume.get("level"))
    if level is not None:
        details["volume_level"] = round(min(max(level, 0.0), 1.0), 3)
    features = player.TURN_ON | player.TURN_OFF | player.PLAY_MEDIA | player.BROWSE_MEDIA
    if volume.get("controlType") != "fixed":
        features |= player.VOLUME_SET | player.VOLUME_MUTE | player.VOLUME_STEP
    if is_idle(app):
        return {"playback": "off", "details": details, "supported_features": features, "media_image": None}
    name = word(app.get("displayName"))
    details.update(app_id=word(app.get("appId")), app_name=name, source=name)
    playback = _PLAYBACK.get(str(media.get("playerState")), "idle")
    if media:
        features |= player.PLAY | player.PAUSE | player.STOP | _features(media.get("supportedMediaCommands"))
    image: str | None = None
    if playback != "idle":
        details.update(_of_media(media, media_at, playback, progress))
        images = entries(table(table(media.get("media")).get("metadata")).get("images"))
        image = next((found for each in images if (found := public_picture(each.get("url")))), None)
    return {"playback": playback, "details": details, "supported_features": features, "media_image": image}


def _features(commands: object) -> int:
    bits = commands if isinstance(commands, int) else 0
    return (
        (player.SEEK if bits & _CAN_SEEK else 0)
        | (player.NEXT_TRACK if bits & _CAN_NEXT else 0)
        | (player.PREVIOUS_TRACK if bits & _CAN_PREVIOUS else 0)
    )


def _of_media(status: Object, at: float, playback: str, progress: Progress) -> dict[str, Any]:
    media = table(status.get("media"))
    about = table(media.get("metadata"))
    kind = about.get("metadataType")
    details: dict[str, Any] = {name: word(about.get(theirs)) for name, theirs in _DETAILS.items()}
    track = number(about.get("trackNumber"))
    details["media_track"] = None if track is None else int(track)
    details["media_content_id"] = word(media.get("contentId"))
    details["media_content_type"] = _KINDS.get(kind) if isinstance(kind, int) else None
    duration, position = number(media.get("duration")), number(status.get("currentTime"))
    if duration is not None and duration > 0:
        details["media_duration"] = int(duration)
    if position is not None:
        key = (status.get("mediaSessionId"), details["media_content_id"], details["media_title"])
        details.update(progress.told(key, position, at, playback == "playing"))
    return details


def to_load(media_type: str, media_id: str, extra: Object) -> dict[str, Any]:
    """The `media` of a LOAD for an address.

    Raises:
        HomeError: it is no address that a device could fetch from.
    """
    parts = urlsplit(media_id)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(media_id) > MAX_URL:
        raise HomeError("A Cast device plays addresses that begin with http:// or https://, and this is none")
    guessed = mimetypes.guess_type(parts.path)[0]
    kind = media_type if "/" in media_type else guessed or _TYPES.get(media_type, "video/mp4")
    about: dict[str, Any] = {"metadataType": 3 if kind.startswith("audio/") else 0}
    given = table(extra.get("metadata"))
    about.update({key: value for key, value in given.items() if isinstance(value, str | int | list)})
    title = extra.get("title")
    if isinstance(title, str):
        about.setdefault("title", title)
    stream = "LIVE" if extra.get("stream_type") == "LIVE" else "BUFFERED"
    return {"contentId": media_id, "contentType": kind, "streamType": stream, "metadata": about}
