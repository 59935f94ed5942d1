"""What Sonos speakers tell, as fields of media players. Pure: not here: requests, actors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from marge.bridges.lan.address import Address, parse_address
from marge.bridges.lan.playback import Progress
from marge.bridges.sonos.soap import local, parse_xml
from marge.domains import media_player as player
from marge.errors import HomeError, InvalidRequest, Unreachable

FEATURES = (
    player.PLAY | player.PAUSE | player.STOP | player.NEXT_TRACK | player.PREVIOUS_TRACK | player.SEEK
    | player.VOLUME_SET | player.VOLUME_MUTE | player.VOLUME_STEP | player.PLAY_MEDIA | player.SELECT_SOURCE
    | player.CLEAR_PLAYLIST | player.SHUFFLE_SET | player.REPEAT_SET | player.GROUPING | player.MEDIA_ENQUEUE
    | player.BROWSE_MEDIA
)  # fmt: skip
TV, LINE_IN = "TV", "Line-in"
_TV_URI, _LINE_IN_URI, _GROUP_URI = "x-sonos-htastream:", "x-rincon-stream:", "x-rincon:"
_PLAYBACK = {"PLAYING": "playing", "TRANSITIONING": "buffering", "PAUSED_PLAYBACK": "paused", "STOPPED": "idle"}
UNCONTROLLED: Mapping[str, Any] = {
    "playback": None, "details": {}, "supported_features": 0, "media_image": None, "source_list": [],
}  # fmt: skip
"""Of a speaker that can neither be asked nor told."""
_MODES: Mapping[str, tuple[bool, str]] = {
    "NORMAL": (False, "off"), "REPEAT_ALL": (False, "all"), "REPEAT_ONE": (False, "one"),
    "SHUFFLE_NOREPEAT": (True, "off"), "SHUFFLE": (True, "all"), "SHUFFLE_REPEAT_ONE": (True, "one"),
}  # fmt: skip
MAX_TEXT = 255
MAX_ROOMS, MAX_FAVOURITES = 100, 200


class Description(NamedTuple):
    """A speaker of itself. `sources`: its inputs beside the network."""

    uid: str
    room: str
    model: str | None
    version: str | None
    mac: str | None
    sources: tuple[str, ...]


class Member(NamedTuple):
    uid: str
    name: str
    address: Address | None


class Group(NamedTuple):
    """Speakers that play together. `members`: the coordinator first; those that nobody sees are left out."""

    coordinator: str
    members: tuple[Member, ...]

    def member(self, uid: str) -> Member | None:
        return next((each for each in self.members if each.uid == uid), None)


class Favourite(NamedTuple):
    """`about`: what the speaker wants to be told with the address."""

    title: str
    uri: str
    about: str


class Track(NamedTuple):
    """What DIDL-Lite tells of something to play. All may be ""."""

    title: str = ""
    artist: str = ""
    album: str = ""
    art: str = ""
    stream: str = ""


def description(data: bytes) -> Description:
    """`/xml/device_description.xml`.

    Raises:
        Unreachable: it is of something else.
    """
    root = parse_xml(data)
    device = next((each for each in root if local(each.tag) == "device"), None)
    if device is None:
        raise Unreachable("It does not describe itself as a Sonos speaker does")
    texts = {local(child.tag): (child.text or "").strip() for child in device}
    uid = texts.get("UDN", "").removeprefix("uuid:") or texts.get("MACAddress", "").replace(":", "")
    room = texts.get("roomName") or texts.get("friendlyName")
    if not room or not uid:
        raise Unreachable("It does not describe itself as a Sonos speaker does")
    services = {(each.text or "").split(":")[-2] for each in device.iter() if _is_type(each.tag, each.text)}
    sources = (TV,) * ("HTControl" in services) + (LINE_IN,) * ("AudioIn" in services)
    return Description(
        uid[:64], room[:MAX_TEXT], _or_none(texts.get("modelName")), _or_none(texts.get("softwareVersion")),
        _or_none(texts.get("MACAddress")), sources,
    )  # fmt: skip


def _is_type(tag: str, text: str | None) -> bool:
    return local(tag) == "serviceType" and (text or "").count(":") >= 2


def _or_none(text: str | None) -> str | None:
    return text[:MAX_TEXT] if text else None


def groups(state: str) -> list[Group]:
    """The groups of a `ZoneGroupState`.

    Raises:
        Unreachable: it is none.
    """
    found = []
    for group in (each for each in parse_xml(state).iter() if local(each.tag) == "ZoneGroup"):
        leader = group.get("Coordinator", "")
        members = [
            Member(each.get("UUID", ""), each.get("ZoneName", "")[:MAX_TEXT], _place(each.get("Location", "")))
            for each in list(group)[:MAX_ROOMS]
            if local(each.tag) == "ZoneGroupMember" and each.get("Invisible") != "1" and each.get("UUID")
        ]
        members.sort(key=lambda member: member.uid != leader)
        found.append(Group(leader, tuple(members)))
    return found


def _place(location: str) -> Address | None:
    try:
        parts = urlsplit(location)
        return parse_address(f"{parts.hostname or ''}:{parts.port or 1400}")
    except (InvalidRequest, ValueError):
        return None


def track_of(metadata: str) -> Track:
    """What a piece of DIDL-Lite tells; nothing where there is none, or none that can be read."""
    if not metadata.startswith("<"):
        return Track()
    try:
        texts = {local(each.tag): (each.text or "").strip()[:MAX_TEXT] for each in parse_xml(metadata).iter()}
        art = next((each.text or "" for each in parse_xml(metadata).iter() if local(each.tag) == "albumArtURI"), "")
    except Unreachable:
        return Track()
    return Track(
        texts.get("title", ""), texts.get("creator", ""), texts.get("album", ""), art.strip()[:2048],
        texts.get("streamContent", ""),
    )  # fmt: skip


def favourites(result: str) -> list[Favourite]:
    """What `Browse` tells of the favourites.

    Raises:
        Unreachable: it is no DIDL-Lite.
    """
    found: list[Favourite] = []
    for item in (each for each in parse_xml(result).iter() if local(each.tag) == "item"):
        texts = {local(child.tag): (child.text or "").strip() for child in item}
        if texts.get("title") and texts.get("res") and len(found) < MAX_FAVOURITES:
            found.append(Favourite(texts["title"][:MAX_TEXT], texts["res"], texts.get("resMD", "")))
    return found


def seconds(clock: str) -> int | None:
    """`0:03:34` in seconds; None for what is no time (`NOT_IMPLEMENTED`)."""
    parts = clock.partition(".")[0].split(":")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    return int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])


def clock_text(position: float) -> str:
    """Seconds as `0:03:34`."""
    whole = max(int(position), 0)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


class Told(NamedTuple):
    """Everything that one round of questions brought, as it came."""

    transport: Mapping[str, str]
    position: Mapping[str, str]
    settings: Mapping[str, str]
    media: Mapping[str, str]
    volume: Mapping[str, str]
    mute: Mapping[str, str]


def fields(
    told: Told, known: list[Favourite], sources: tuple[str, ...], at: float, progress: Progress
) -> dict[str, Any]:
    """The fields of the media player, without its group. `at`: when it was told (UTC epoch s)."""
    playback = _PLAYBACK.get(told.transport.get("CurrentTransportState", ""), "idle")
    details: dict[str, Any] = {"is_volume_muted": told.mute.get("CurrentMute") == "1"}
    volume = told.volume.get("CurrentVolume", "")
    if volume.isdecimal():
        details["volume_level"] = min(int(volume), 100) / 100
    shuffle, repeat = _MODES.get(told.settings.get("PlayMode", ""), (False, "off"))
    details.update(shuffle=shuffle, repeat=repeat)
    uri = told.media.get("CurrentURI") or told.position.get("TrackURI", "")
    favourite = next((each.title for each in known if each.uri == uri), None)
    track = track_of(told.position.get("TrackMetaData", ""))
    station = track_of(told.media.get("CurrentURIMetaData", "")).title or favourite
    image: str | None = None
    if uri.startswith((_TV_URI, _LINE_IN_URI)):
        name = TV if uri.startswith(_TV_URI) else LINE_IN
        details.update(source=name, media_title=name, media_content_type="music")
    elif uri:
        image = track.art or None
        details.update(_of_track(told, track, station, at, progress, playback == "playing"), source=favourite)
    if playback == "paused" and not details.get("media_title"):
        playback = "idle"  # nothing is loaded: some services leave it so
    return {
        "playback": playback, "details": details, "supported_features": FEATURES, "media_image": image,
        "source_list": [*sources, *(each.title for each in known)],
    }  # fmt: skip


def _of_track(
    told: Told, track: Track, station: str | None, at: float, progress: Progress, runs: bool
) -> dict[str, Any]:
    details: dict[str, Any] = {"media_content_type": "music", "media_content_id": told.position.get("TrackURI")}
    duration, position = seconds(told.position.get("TrackDuration", "")), seconds(told.position.get("RelTime", ""))
    if duration:
        details.update(media_title=track.title, media_artist=track.artist or None, media_album_name=track.album or None)
        details["media_duration"] = duration
        if position is not None:
            details.update(progress.told((details["media_content_id"], track.title), position, at, runs))
        number = told.position.get("Track", "")
        if number.isdecimal() and int(number):
            details["media_track"] = int(number)
    else:  # a stream: what is on now is in a line of its own
        artist, _, title = track.stream.rpartition(" - ")
        details.update(media_title=title or track.title or station, media_artist=artist or None, media_channel=station)
    return details


def mode(shuffle: bool, repeat: str) -> str:
    """Sonos's word for both."""
    return next(name for name, each in _MODES.items() if each == (shuffle, repeat))


def playable(media_id: str) -> str:
    """An address that can be handed to a speaker.

    Raises:
        HomeError: it is none.
    """
    scheme, colon, rest = media_id.partition(":")
    if not colon or not rest or not scheme.replace("-", "").replace("+", "").isalnum() or len(media_id) > 4096:
        raise HomeError("A Sonos speaker plays addresses (http://…) and the titles of favourites, and this is neither")
    if media_id.startswith(_GROUP_URI):
        raise HomeError("This address groups speakers; `media_player.join` does that")
    return media_id


def source_uri(source: str, uid: str) -> str | None:
    """The address of an input; None for what is none."""
    return {TV: f"{_TV_URI}{uid}:spdif", LINE_IN: f"{_LINE_IN_URI}{uid}"}.get(source)
