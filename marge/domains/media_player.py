"""Media players."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import voluptuous as vol

from marge.domains._catalog import service
from marge.domains._media import BrowseMedia
from marge.domains._pictures import Picture, TokenEntity, cache_key
from marge.domains._validators import boolean, entity_ids, positive_float, small_float, string
from marge.domains._virtual import Rule, flip, keep, to, virtual
from marge.domains.calendar import answered
from marge.entities import Domain, Service
from marge.errors import HomeError

PAUSE, SEEK, VOLUME_SET, VOLUME_MUTE, PREVIOUS_TRACK, NEXT_TRACK = 1, 2, 4, 8, 16, 32
TURN_ON, TURN_OFF, PLAY_MEDIA, VOLUME_STEP, SELECT_SOURCE, STOP = 128, 256, 512, 1024, 2048, 4096
CLEAR_PLAYLIST, PLAY, SHUFFLE_SET, SELECT_SOUND_MODE, BROWSE_MEDIA = 8192, 16384, 32768, 65536, 131072
REPEAT_SET, GROUPING, MEDIA_ANNOUNCE, MEDIA_ENQUEUE = 262144, 524288, 1048576, 2097152

VOLUME_STEP_SIZE = 0.1
_OFF = ("off", "standby", None)

# Shown, in this order, while it is on and the value is known.
_DETAILS = (
    "volume_level", "is_volume_muted", "media_content_id", "media_content_type", "media_duration", "media_position",
    "media_position_updated_at", "media_title", "media_artist", "media_album_name", "media_album_artist",
    "media_track", "media_series_title", "media_season", "media_episode", "media_channel", "media_playlist",
    "app_id", "app_name", "source", "sound_mode", "shuffle", "repeat",
)  # fmt: skip


class RepeatMode(StrEnum):
    """How a list is repeated; the class's name is part of the error text."""

    ALL = "all"
    OFF = "off"
    ONE = "one"


class MediaPlayerEntity(TokenEntity):
    """One that somebody owns. Owners override the command methods that it supports, named as the services.

    Attributes:
        playback: `off`, `on`, `idle`, `playing`, `paused`, `buffering`, `standby`.
        details: what is known of what plays, by attribute name (`volume_level`, `media_title`, …); replaced or
            updated through `update_details`.
        media_image: names the picture of what plays; it changes with the picture. None: there is none.
        supported_features: the constants of this module.
    """

    domain = "media_player"
    media_image: str | None = None
    playback: str | None = None
    details: Mapping[str, Any] = {}
    source_list: list[str] | None = None
    sound_mode_list: list[str] | None = None
    group_members: list[str] | None = None
    supported_features: int = 0

    def update_details(self, **changes: Any) -> None:
        self.details = {**self.details, **changes}

    # -- for owners --------------------------------------------------------------------------------------------------

    def turn_on(self) -> Any:
        self.playback = "on"

    def turn_off(self) -> Any:
        self.playback = "off"

    def media_play(self) -> Any:
        self.playback = "playing"

    def media_pause(self) -> Any:
        self.playback = "paused"

    def media_stop(self) -> Any:
        self.playback = "idle"

    def set_volume_level(self, volume: float) -> Any:
        self.update_details(volume_level=volume)

    def mute_volume(self, mute: bool) -> Any:
        self.update_details(is_volume_muted=mute)

    def select_source(self, source: str) -> Any:
        self.update_details(source=source)

    def select_sound_mode(self, sound_mode: str) -> Any:
        self.update_details(sound_mode=sound_mode)

    def set_shuffle(self, shuffle: bool) -> Any:
        self.update_details(shuffle=shuffle)

    def set_repeat(self, repeat: str) -> Any:
        self.update_details(repeat=repeat)

    def play_media(self, media_type: str, media_id: str, **more: Any) -> Any:
        self.playback = "playing"
        self.update_details(media_content_type=media_type, media_content_id=media_id)

    def picture(self) -> Picture | None:
        """The picture of what plays. Called in the asker's greenlet, outside the actor: it may wait, and only reads
        what is replaced as a whole."""
        return None

    def browse_media(self, media_content_type: str | None, media_content_id: str | None) -> BrowseMedia:
        """What there is to play. Called as `picture` is.

        Raises:
            NotImplementedError: it says that it can be browsed, and cannot.
        """
        raise NotImplementedError

    # -- commands ----------------------------------------------------------------------------------------------------

    def handle_browse_media(
        self, media_content_type: str | None = None, media_content_id: str | None = None
    ) -> Any:
        def read() -> dict[str, Any]:
            try:
                return self.browse_media(media_content_type, media_content_id).as_dict()
            except NotImplementedError as exc:
                raise HomeError("Integration does not support browsing media") from exc

        return answered(read)

    @property
    def _is_off(self) -> bool:
        return self.playback in _OFF

    def handle_toggle(self) -> Any:
        return self.turn_on() if self._is_off else self.turn_off()

    def handle_play_pause(self) -> Any:
        return self.media_pause() if self.playback == "playing" else self.media_play()

    def handle_volume_up(self) -> Any:
        return self._step_volume(VOLUME_STEP_SIZE)

    def handle_volume_down(self) -> Any:
        return self._step_volume(-VOLUME_STEP_SIZE)

    def _step_volume(self, by: float) -> Any:
        level = self.details.get("volume_level")
        if level is None or not self.supported_features & VOLUME_SET:
            return None
        return self.set_volume_level(min(max(level + by, 0), 1))

    def handle_volume_set(self, volume_level: float) -> Any:
        return self.set_volume_level(volume_level)

    def handle_volume_mute(self, is_volume_muted: bool) -> Any:
        return self.mute_volume(is_volume_muted)

    def handle_shuffle_set(self, shuffle: bool) -> Any:
        return self.set_shuffle(shuffle)

    def handle_repeat_set(self, repeat: RepeatMode) -> Any:
        return self.set_repeat(str(repeat))

    def handle_play_media(self, media_content_type: str, media_content_id: str, **more: Any) -> Any:
        return self.play_media(media_content_type, media_content_id, **more)

    def handle_media_seek(self, seek_position: float) -> Any:
        return self.media_seek(seek_position)

    def media_seek(self, position: float) -> Any:
        self.update_details(media_position=position)

    # -- what it shows -----------------------------------------------------------------------------------------------

    def state_value(self) -> str | None:
        return self.playback

    def capability_attributes(self) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if self.supported_features & SELECT_SOURCE and self.source_list:
            shown["source_list"] = self.source_list
        if self.supported_features & SELECT_SOUND_MODE and self.sound_mode_list:
            shown["sound_mode_list"] = self.sound_mode_list
        return shown

    def state_attributes(self) -> dict[str, Any]:
        self.entity_picture = self._picture_address()
        shown: dict[str, Any] = {}
        if self.supported_features & GROUPING:
            shown["group_members"] = self.group_members
        if not self._is_off:
            details = self.details
            shown.update({key: details[key] for key in _DETAILS if details.get(key) is not None})
        return shown

    def _picture_address(self) -> str | None:
        if self._is_off or self.media_image is None:
            return None
        key = cache_key(self.media_image)
        return f"/api/media_player_proxy/{self.entity_id}?token={self.access_token}&cache={key}"


def _services() -> dict[str, Service]:
    table: tuple[tuple[str, str, str, Any, int | tuple[int, ...]], ...] = (
        ("turn_on", "turn_on", "Turns players on.", None, TURN_ON),
        ("turn_off", "turn_off", "Turns players off.", None, TURN_OFF),
        ("toggle", "handle_toggle", "Turns players to their other side.", None, TURN_OFF | TURN_ON),
        ("volume_up", "handle_volume_up", "Makes players louder.", None, (VOLUME_SET, VOLUME_STEP)),
        ("volume_down", "handle_volume_down", "Makes players softer.", None, (VOLUME_SET, VOLUME_STEP)),
        ("media_play_pause", "handle_play_pause", "Plays, or pauses what plays.", None, PLAY | PAUSE),
        ("media_play", "media_play", "Plays.", None, PLAY),
        ("media_pause", "media_pause", "Pauses.", None, PAUSE),
        ("media_stop", "media_stop", "Stops.", None, STOP),
        ("media_next_track", "media_next_track", "Goes to the next track.", None, NEXT_TRACK),
        ("media_previous_track", "media_previous_track", "Goes to the track before.", None, PREVIOUS_TRACK),
        ("clear_playlist", "clear_playlist", "Empties the playlist.", None, CLEAR_PLAYLIST),
        ("volume_set", "handle_volume_set", "Sets the volume.",
         {vol.Required("volume_level"): small_float}, VOLUME_SET),
        ("volume_mute", "handle_volume_mute", "Mutes, or not.",
         {vol.Required("is_volume_muted"): boolean}, VOLUME_MUTE),
        ("media_seek", "handle_media_seek", "Goes to a place in what plays.",
         {vol.Required("seek_position"): positive_float}, SEEK),
        ("join", "join_players", "Lets players play together.", {vol.Required("group_members"): entity_ids}, GROUPING),
        ("unjoin", "unjoin_player", "Lets players play alone.", None, GROUPING),
        ("select_source", "select_source", "Chooses the input.", {vol.Required("source"): string}, SELECT_SOURCE),
        ("select_sound_mode", "select_sound_mode", "Chooses the sound.",
         {vol.Required("sound_mode"): string}, SELECT_SOUND_MODE),
        ("play_media", "handle_play_media", "Plays something.", _PLAY_MEDIA, PLAY_MEDIA),
        ("shuffle_set", "handle_shuffle_set", "Plays in order, or not.",
         {vol.Required("shuffle"): boolean}, SHUFFLE_SET),
        ("repeat_set", "handle_repeat_set", "Plays again, or not.",
         {vol.Required("repeat"): vol.Coerce(RepeatMode)}, REPEAT_SET),
    )  # fmt: skip
    services = {
        name: service("media_player", name, method, text, schema, features)
        for name, method, text, schema, features in table
    }
    services["browse_media"] = service(
        "media_player", "browse_media", "handle_browse_media", "Answers with what there is to play.",
        {
            vol.Inclusive("media_content_type", "media_ids", _BOTH): string,
            vol.Inclusive("media_content_id", "media_ids", _BOTH): string,
        },
        supports_response="only",
    )  # fmt: skip
    return services


_BOTH = "media_content_type and media_content_id must be provided together"


_PLAY_MEDIA = {
    vol.Required("media_content_type"): string,
    vol.Required("media_content_id"): string,
    vol.Exclusive("enqueue", "enqueue_announce"): vol.Any(boolean, vol.In(("add", "next", "play", "replace"))),
    vol.Exclusive("announce", "enqueue_announce"): boolean,
    vol.Optional("extra", default=dict): dict,
}

_VIRTUAL: dict[str, Rule] = {
    "turn_on": to("on", "source"),
    "turn_off": to("off"),
    "toggle": Rule(
        compute=lambda state, _data: ("on" if state is None or state.state in ("off", "standby") else "off", {})
    ),
    "media_play": to("playing"),
    "media_pause": to("paused"),
    "media_stop": to("idle"),
    "media_play_pause": flip("playing", "paused"),
    "media_next_track": keep("playing"),
    "media_previous_track": keep("playing"),
    "play_media": to("playing", "media_content_id", "media_content_type"),
    "select_source": keep("on", "source"),
    "select_sound_mode": keep("on", "sound_mode"),
    "volume_set": keep("on", "volume_level"),
    "volume_mute": keep("on", "is_volume_muted"),
    "shuffle_set": keep("on", "shuffle"),
    "repeat_set": keep("on", "repeat"),
}

DOMAIN = Domain("media_player", services=_services(), entity=MediaPlayerEntity, virtual=virtual(_VIRTUAL))
