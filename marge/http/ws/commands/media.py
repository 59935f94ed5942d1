"""Browsing and playing: players, the home's media sources."""

from __future__ import annotations

from typing import Any

import voluptuous as vol

from marge.auth.signing import sign_path
from marge.domains._validators import entity_id
from marge.domains.media_player import BROWSE_MEDIA, MediaPlayerEntity
from marge.domains.media_source import LocalSource, MediaError, parse, sources_of
from marge.errors import MargeError, NotFound
from marge.http.ws.errors import INVALID_FORMAT, NOT_FOUND, UNKNOWN_ERROR, CommandError
from marge.http.ws.registry import command
from marge.http.ws.session import Session

NOT_SUPPORTED = "not_supported"
DEFAULT_LIFE_S = 86_400
_BOTH = "media_content_type and media_content_id must be provided together"


@command(
    "media_player/browse_media",
    {
        vol.Required("entity_id"): entity_id,
        vol.Inclusive("media_content_type", "media_ids", _BOTH): str,
        vol.Inclusive("media_content_id", "media_ids", _BOTH): str,
    },
    waits=True,
)
def browse_player(session: Session, message: dict[str, Any]) -> None:
    """What there is to play on a player."""
    player = session.home.entities.owned.get(message["entity_id"])
    if not isinstance(player, MediaPlayerEntity):
        raise CommandError("entity_not_found", "Entity not found")
    if not player.supported_features & BROWSE_MEDIA:
        raise CommandError(NOT_SUPPORTED, "Player does not support browsing media")
    try:
        found = player.browse_media(message.get("media_content_type"), message.get("media_content_id"))
    except NotImplementedError:
        raise CommandError(NOT_SUPPORTED, "Integration does not support browsing media") from None
    except MargeError as exc:
        raise CommandError(UNKNOWN_ERROR, str(exc)) from exc
    session.result(message["id"], found.as_dict())


@command("media_source/browse_media", {vol.Optional("media_content_id", default=""): str}, waits=True)
def browse_source(session: Session, message: dict[str, Any]) -> None:
    """A place among the home's media sources; all sources when none is named."""
    try:
        found = sources_of(session.home).browse(message["media_content_id"])
    except MediaError as exc:
        raise CommandError("browse_media_failed", str(exc)) from exc
    session.result(message["id"], found.as_dict())


@command(
    "media_source/resolve_media",
    {vol.Required("media_content_id"): str, vol.Optional("expires", default=DEFAULT_LIFE_S): int},
    waits=True,
)
def resolve(session: Session, message: dict[str, Any]) -> None:
    """An address at which something can be played, by whoever has it, for `expires` seconds."""
    try:
        found = sources_of(session.home).resolve(message["media_content_id"])
    except MediaError as exc:
        raise CommandError("resolve_media_failed", str(exc)) from exc
    url = found.url
    if url.startswith("/"):
        url = sign_path(session.home.shared["auth"], url, message["expires"], session.token_id)
    session.result(message["id"], {"url": url, "mime_type": found.mime_type})


@command(
    "media_source/local_source/remove", {vol.Required("media_content_id"): str}, admin=True, waits=True
)
def remove_local(session: Session, message: dict[str, Any]) -> None:
    """Delete a file of the media folder."""
    local: LocalSource = session.home.shared["local_media"]
    try:
        name, identifier = parse(message["media_content_id"])
        if name != local.name:
            raise MediaError("Unknown source directory.")
        local.location(identifier)
    except MediaError as exc:
        raise CommandError(INVALID_FORMAT, str(exc)) from exc
    try:
        local.remove(identifier)
    except NotFound as exc:
        raise CommandError(NOT_FOUND, str(exc)) from exc
    except MediaError as exc:
        raise CommandError(NOT_SUPPORTED, str(exc)) from exc
    session.result(message["id"])
