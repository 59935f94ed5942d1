"""The media player of a Sonos speaker: shows what it tells; commands go to its actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marge.bridges.lan.address import Address
from marge.bridges.lan.client import LanClient
from marge.bridges.lan.entity import LanEntity
from marge.bridges.lan.playback import browse, public_picture
from marge.bridges.sonos.soap import PORT
from marge.domains._media import BrowseMedia
from marge.domains._pictures import Picture
from marge.domains.media_player import MediaPlayerEntity
from marge.errors import BridgeError

if TYPE_CHECKING:
    from marge.home import Home

PICTURE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")


class SonosPlayer(LanEntity, MediaPlayerEntity):
    """Shows what the speaker tells; each command is the speaker's.

    Attributes:
        place: where pictures are fetched.
    """

    place: Address | None = None

    def __init__(self, home: Home) -> None:
        self.home = home

    def browse_media(self, media_content_type: str | None, media_content_id: str | None) -> BrowseMedia:
        return browse(self.home, media_content_id)

    def _picture_address(self) -> str | None:
        if self._is_off or self.media_image is None or self.media_image.startswith("/"):
            return super()._picture_address()
        return public_picture(self.media_image)  # of a music service: the browser fetches it

    def media_play(self) -> Any:
        return self.send("play")

    def media_pause(self) -> Any:
        return self.send("pause")

    def media_stop(self) -> Any:
        return self.send("stop")

    def media_next_track(self) -> Any:
        return self.send("next")

    def media_previous_track(self) -> Any:
        return self.send("previous")

    def media_seek(self, position: float) -> Any:
        return self.send("seek", position=position)

    def set_volume_level(self, volume: float) -> Any:
        return self.send("volume", level=volume)

    def mute_volume(self, mute: bool) -> Any:
        return self.send("mute", muted=mute)

    def select_source(self, source: str) -> Any:
        return self.send("source", source=source)

    def set_shuffle(self, shuffle: bool) -> Any:
        return self.send("mode", shuffle=shuffle, repeat=self.details.get("repeat", "off"))

    def set_repeat(self, repeat: str) -> Any:
        return self.send("mode", shuffle=bool(self.details.get("shuffle")), repeat=repeat)

    def clear_playlist(self) -> Any:
        return self.send("clear")

    def play_media(self, media_type: str, media_id: str, **more: Any) -> Any:
        return self.send("load", media_type=media_type, media_id=media_id, enqueue=more.get("enqueue"))

    def join_players(self, group_members: list[str]) -> Any:
        return self.send("join", group_members=group_members)

    def unjoin_player(self) -> Any:
        return self.send("unjoin")

    def picture(self) -> Picture | None:
        # Only from the speaker itself: an address that it names could be anything in this network.
        if self.media_image is None or self.place is None or not self.media_image.startswith("/"):
            return None
        client = LanClient(self.place, PORT)
        try:
            answer = client.request("GET", self.media_image)
        except BridgeError:
            return None
        finally:
            client.close()
        kind = str(answer.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
        return Picture(answer.body, kind) if answer.status == 200 and kind in PICTURE_TYPES else None
