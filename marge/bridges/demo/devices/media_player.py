"""Players: two that show films, two with music, a television with a series, and two that show what they can do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marge.actors import native
from marge.bridges.demo.item import Item, with_fields
from marge.domains._pictures import Picture
from marge.domains.media_player import BROWSE_MEDIA, MediaPlayerEntity
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home

_SOUNDS = ["Music", "Movie"]
_SOURCES = ["dvd", "youtube"]
FILM_FEATURES, MUSIC_FEATURES, SERIES_FEATURES, GROUP_FEATURES = 119695, 914877, 121265, 643983
# artist, title
_TRACKS = (
    ("Technohead", "I Wanna Be A Hippy (Flamman & Abraxas Radio Mix)"),
    ("Paul Elstak", "Luv U More"),
    ("The Porch Lamps", "Motion Detected"),
    ("The Porch Lamps", "Firmware in the Rain"),
    ("Lucy and the Dimmers", "Fade to White"),
)
FIRST_SONG_S = 213
EPISODES = 13


class DemoPlayer(MediaPlayerEntity):
    """Plays nothing, and shows that it does."""

    playback: str | None = "playing"

    def __init__(self, home: Home) -> None:
        self.home = home
        self.sound_mode_list = _SOUNDS
        self.details = {"volume_level": 1.0, "is_volume_muted": False, "sound_mode": "Music", "shuffle": False}

    def turn_on(self) -> None:
        self.playback = "playing"

    def media_stop(self) -> None:
        self.playback = "off"

    def picture(self) -> Picture | None:
        if self.media_image is None:
            return None
        from marge.bridges.demo import drawing  # the library for pictures is big: only for those who look

        data: bytes = native.run(drawing.cover, self.media_image)
        return Picture(data, "image/jpeg")


class FilmPlayer(DemoPlayer):
    """`position`: seconds into the film at `measured_at` (UTC epoch seconds); None there: it stands still."""

    supported_features: int = FILM_FEATURES
    position: float = 0.0
    measured_at: float | None = None

    def load(self, media_id: str, title: str, duration_s: int, position_s: float) -> None:
        """A film that runs."""
        self.media_image = media_id
        self.position, self.measured_at = position_s, self.home.clock.now()
        self.update_details(
            media_content_id=media_id, media_content_type="movie", media_duration=duration_s, media_title=title,
            app_name="YouTube",
        )  # fmt: skip

    def _stand(self) -> None:
        if self.measured_at is not None:
            self.position += self.home.clock.now() - self.measured_at
            self.measured_at = None

    def _run(self) -> None:
        if self.measured_at is None:
            self.measured_at = self.home.clock.now()

    def turn_on(self) -> None:
        super().turn_on()
        self._run()

    def turn_off(self) -> None:
        super().turn_off()
        self._stand()

    def media_play(self) -> None:
        super().media_play()
        self._run()

    def media_pause(self) -> None:
        super().media_pause()
        self._stand()

    def media_stop(self) -> None:
        super().media_stop()
        self._stand()

    def media_seek(self, position: float) -> None:
        self.position = position
        if self.measured_at is not None:
            self.measured_at = self.home.clock.now()

    def play_media(self, media_type: str, media_id: str, **more: Any) -> None:
        self.media_image = media_id
        self.update_details(media_content_id=media_id)
        self.playback = "playing"
        self._run()

    def state_attributes(self) -> dict[str, Any]:
        at = self.measured_at
        self.update_details(
            media_position=int(self.position), media_position_updated_at=None if at is None else iso(at)
        )
        return super().state_attributes()


class MusicPlayer(DemoPlayer):
    """`track`: from 0."""

    supported_features: int = MUSIC_FEATURES
    media_image: str | None = "bounzz-1"
    track: int = 0

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.group_members = []
        self.update_details(
            media_content_id="bounzz-1", media_content_type="music", media_duration=FIRST_SONG_S,
            media_album_name="Bounzz", repeat="off",
        )  # fmt: skip

    def media_next_track(self) -> None:
        self.track = min(self.track + 1, len(_TRACKS) - 1)

    def media_previous_track(self) -> None:
        self.track = max(self.track - 1, 0)

    def clear_playlist(self) -> None:
        self.track, self.playback = 0, "off"

    def join_players(self, group_members: list[str]) -> None:
        self.group_members = [self.entity_id, *group_members]

    def unjoin_player(self) -> None:
        self.group_members = []

    def state_attributes(self) -> dict[str, Any]:
        artist, title = _TRACKS[self.track]
        self.update_details(media_artist=artist, media_title=title, media_track=self.track + 1)
        return super().state_attributes()


class SeriesPlayer(DemoPlayer):
    """`episode`: from 1."""

    supported_features: int = SERIES_FEATURES
    media_image: str | None = "house-of-cards-1"
    device_class: str | None = "tv"
    episode: int = 1

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.source_list = _SOURCES
        self.update_details(
            media_content_id="house-of-cards-1", media_content_type="tvshow", media_duration=3600,
            media_series_title="House of Cards", media_season="1", app_name="Netflix", source="dvd",
        )  # fmt: skip

    def media_next_track(self) -> None:
        self.episode = min(self.episode + 1, EPISODES)

    def media_previous_track(self) -> None:
        self.episode = max(self.episode - 1, 1)

    def state_attributes(self) -> dict[str, Any]:
        self.update_details(media_title=f"Chapter {self.episode}", media_episode=str(self.episode))
        return super().state_attributes()


# name, film's id, title, seconds, seconds into it
_FILMS = (
    ("Living Room", "eyU3bRy2x44", "♥♥ The Best Fireplace Video (3 hours)", 300, 45),
    ("Bedroom", "kxopViU98Xo", "Epic sax guy 10 hours", 360_000, 54_000),
)


def items(home: Home) -> Iterator[Item]:
    for name, media_id, title, duration_s, position_s in _FILMS:
        player = FilmPlayer(home)
        player.load(media_id, title, duration_s, position_s)
        yield Item(f"media_player.{name.lower().replace(' ', '_')}", player, name)
    yield Item("media_player.walkman", MusicPlayer(home), "Walkman")
    yield Item("media_player.kitchen", MusicPlayer(home), "Kitchen")
    yield Item("media_player.lounge_room", SeriesPlayer(home), "Lounge room")
    browse = with_fields(DemoPlayer(home), supported_features=BROWSE_MEDIA)
    yield Item("media_player.browse", browse, "Browse")
    group = with_fields(DemoPlayer(home), supported_features=GROUP_FEATURES)
    yield Item("media_player.group", group, "Group")
