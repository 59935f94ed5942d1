"""Rooms of a Sonos household: what plays where, how loud, and who plays together. Not here: XML, sockets."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from zlib import crc32

from marge.errors import MargeError

PLAYING, PAUSED, STOPPED = "PLAYING", "PAUSED_PLAYBACK", "STOPPED"
PLAY_MODES = ("NORMAL", "REPEAT_ALL", "REPEAT_ONE", "SHUFFLE_NOREPEAT", "SHUFFLE", "SHUFFLE_REPEAT_ONE")
INVALID_ACTION, INVALID_ARGUMENTS, NO_TRANSITION, ILLEGAL_SEEK, NOT_COORDINATOR = 401, 402, 701, 711, 800
MAX_QUEUE = 1000


class Refused(MargeError):
    """A UPnP error, by its number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"UPnP error {code}")
        self.code = code


class Track(NamedTuple):
    """`seconds`: 0 is a stream without an end."""

    uri: str
    title: str
    artist: str = ""
    album: str = ""
    seconds: int = 0


class Favourite(NamedTuple):
    title: str
    uri: str


SONGS = (
    Track("x-file-cifs://nas/dusk/fireflies.mp3", "Fireflies", "The Porch Lamps", "Dusk", 214),
    Track("x-file-cifs://nas/dusk/moths.mp3", "Moths", "The Porch Lamps", "Dusk", 187),
    Track("x-file-cifs://nas/dusk/low-battery.mp3", "Low Battery & High Hopes", "Lucy and the Dimmers", "Chirp", 195),
)
FAVOURITES = (
    Favourite("Morning Radio", "x-rincon-mp3radio://radio.example/morning"),
    Favourite("Night Waves", "x-rincon-mp3radio://radio.example/night"),
)


@dataclass
class Room:
    """One speaker.

    Attributes:
        where: host and port.
        has_line_in, has_tv: inputs beside the network.
        uri: what it was told to play; the queue is `x-rincon-queue:<uid>#0`.
    """

    name: str
    where: tuple[str, int]
    model: str = "Sonos Five"
    number: str = "S24"
    has_line_in: bool = True
    has_tv: bool = False
    volume: int = 20
    muted: bool = False
    state: str = STOPPED
    mode: str = "NORMAL"
    uri: str = ""
    queue: list[Track] = field(default_factory=list)
    place: int = 0
    position: float = 0.0
    since: float = 0.0

    @property
    def uid(self) -> str:
        return f"RINCON_{crc32(self.name.encode()):08X}B1401400"

    @property
    def mac(self) -> str:
        return ":".join(self.uid[n : n + 2] for n in range(7, 19, 2))

    @property
    def queue_uri(self) -> str:
        return f"x-rincon-queue:{self.uid}#0"

    @property
    def track(self) -> Track | None:
        if self.uri == self.queue_uri:
            return self.queue[self.place] if self.queue else None
        return Track(self.uri, self.uri.rsplit("/", 1)[-1]) if self.uri else None

    @property
    def elapsed(self) -> float:
        """Seconds into the track."""
        return self.position + (time.monotonic() - self.since if self.state == PLAYING else 0.0)

    def go(self, state: str, position: float | None = None) -> None:
        self.position = self.elapsed if position is None else position
        self.state, self.since = state, time.monotonic()


class Household:
    """All rooms. Not for several threads at once.

    Attributes:
        groups: lists of rooms; the first of each coordinates.
    """

    def __init__(self, rooms: list[Room]) -> None:
        self.rooms = rooms
        self.groups = [[room] for room in rooms]

    def group_of(self, room: Room) -> list[Room]:
        return next(group for group in self.groups if room in group)

    def leader_of(self, room: Room) -> Room:
        return self.group_of(room)[0]

    def play_songs(self, room: Room) -> None:
        """Somebody starts the music from the app."""
        room.queue, room.place, room.uri = list(SONGS), 0, room.queue_uri
        room.go(PLAYING, 0.0)

    def leave(self, room: Room) -> None:
        """The room plays alone: nothing, if others go on without it; those go on under the next of them."""
        group = self.group_of(room)
        if len(group) == 1:
            return
        was_leader = group[0] is room
        group.remove(room)
        self.groups.append([room])
        if was_leader:
            heir = group[0]
            heir.queue, heir.place, heir.mode = list(room.queue), room.place, room.mode
            heir.uri = heir.queue_uri if room.uri == room.queue_uri else room.uri
            heir.go(room.state, room.elapsed)
        room.uri = room.queue_uri if room.queue else ""
        room.go(STOPPED, 0.0)

    def join(self, room: Room, uid: str) -> None:
        """The room plays what the coordinator with this uid plays."""
        leader = next((each for each in self.rooms if each.uid == uid), None)
        if leader is None or leader is room or self.leader_of(leader) is not leader:
            raise Refused(INVALID_ARGUMENTS)
        self.leave(room)
        self.groups.remove([room])
        self.group_of(leader).append(room)
        room.uri = f"x-rincon:{uid}"

    # -- actions, by their names; their arguments are texts ------------------------------------------------------------

    def act(self, room: Room, service: str, action: str, sent: Mapping[str, str]) -> dict[str, str]:
        """Do it, and what is told about it.

        Raises:
            Refused: with the code that a real speaker gives.
        """
        if service == "AVTransport":
            return self._transport(room, action, sent)
        if service == "RenderingControl":
            return _rendering(room, action, sent)
        raise Refused(INVALID_ACTION)

    def _transport(self, room: Room, action: str, sent: Mapping[str, str]) -> dict[str, str]:
        leader = self.leader_of(room)
        if action == "GetTransportInfo":
            return {"CurrentTransportState": leader.state, "CurrentTransportStatus": "OK", "CurrentSpeed": "1"}
        if action == "GetPositionInfo":
            return _position(room, leader)
        if action == "GetMediaInfo":
            return {
                "NrTracks": str(len(room.queue)), "MediaDuration": "NOT_IMPLEMENTED", "CurrentURI": room.uri,
                "CurrentURIMetaData": "", "NextURI": "", "NextURIMetaData": "", "PlayMedium": "NETWORK",
                "RecordMedium": "NOT_IMPLEMENTED", "WriteStatus": "NOT_IMPLEMENTED",
            }  # fmt: skip
        if action == "GetTransportSettings":
            return {"PlayMode": room.mode, "RecQualityMode": "NOT_IMPLEMENTED"}
        if action == "BecomeCoordinatorOfStandaloneGroup":
            self.leave(room)
            return {"DelegatedGroupCoordinatorID": "", "NewGroupID": f"{room.uid}:1"}
        if action == "SetAVTransportURI":
            self._set_uri(room, sent.get("CurrentURI", ""))
            return {}
        if action == "RemoveAllTracksFromQueue":
            room.queue, room.place = [], 0
            return {}
        if action == "AddURIToQueue":
            if len(room.queue) >= MAX_QUEUE or not sent.get("EnqueuedURI"):
                raise Refused(INVALID_ARGUMENTS)
            return self._add(room, sent["EnqueuedURI"], sent.get("DesiredFirstTrackNumberEnqueued", "0"))
        if leader is not room:
            raise Refused(NOT_COORDINATOR)
        return self._drive(room, action, sent)

    def _set_uri(self, room: Room, uri: str) -> None:
        if uri.startswith("x-rincon:"):
            self.join(room, uri.removeprefix("x-rincon:"))
            return
        self.leave(room)
        room.uri, room.place = uri, 0
        room.go(STOPPED, 0.0)

    def _add(self, room: Room, uri: str, wanted: str) -> dict[str, str]:
        place = int(wanted) - 1 if wanted.isdecimal() and wanted != "0" else len(room.queue)
        place = min(max(place, 0), len(room.queue))
        room.queue.insert(place, Track(uri, uri.rsplit("/", 1)[-1], seconds=180))
        length = str(len(room.queue))
        return {"FirstTrackNumberEnqueued": str(place + 1), "NumTracksAdded": "1", "NewQueueLength": length}

    def _drive(self, room: Room, action: str, sent: Mapping[str, str]) -> dict[str, str]:
        if action == "SetPlayMode":
            if sent.get("NewPlayMode") not in PLAY_MODES:
                raise Refused(INVALID_ARGUMENTS)
            room.mode = sent["NewPlayMode"]
        elif action == "Play":
            if room.track is None:
                raise Refused(NO_TRANSITION)
            room.go(PLAYING)
        elif action == "Pause":
            if room.state != PLAYING:
                raise Refused(NO_TRANSITION)
            room.go(PAUSED)
        elif action == "Stop":
            room.go(STOPPED, 0.0)
        elif action in ("Next", "Previous"):
            place = room.place + (1 if action == "Next" else -1)
            if room.uri != room.queue_uri or not 0 <= place < len(room.queue):
                raise Refused(ILLEGAL_SEEK)
            room.place = place
            room.go(room.state, 0.0)
        elif action == "Seek":
            self._seek(room, sent.get("Unit", ""), sent.get("Target", ""))
        else:
            raise Refused(INVALID_ACTION)
        return {}

    @staticmethod
    def _seek(room: Room, unit: str, target: str) -> None:
        if unit == "TRACK_NR" and target.isdecimal() and 1 <= int(target) <= len(room.queue):
            room.place = int(target) - 1
            room.go(room.state, 0.0)
            return
        parts = target.split(":")
        track = room.track
        if unit != "REL_TIME" or len(parts) != 3 or not all(part.isdecimal() for part in parts) or track is None:
            raise Refused(INVALID_ARGUMENTS)
        seconds = int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])
        if not track.seconds or seconds > track.seconds:
            raise Refused(ILLEGAL_SEEK)
        room.go(room.state, float(seconds))


def _rendering(room: Room, action: str, sent: Mapping[str, str]) -> dict[str, str]:
    if action == "GetVolume":
        return {"CurrentVolume": str(room.volume)}
    if action == "GetMute":
        return {"CurrentMute": str(int(room.muted))}
    if action == "SetVolume":
        wanted = sent.get("DesiredVolume", "")
        if not wanted.isdecimal() or int(wanted) > 100:
            raise Refused(INVALID_ARGUMENTS)
        room.volume = int(wanted)
        return {}
    if action == "SetMute":
        if sent.get("DesiredMute") not in ("0", "1"):
            raise Refused(INVALID_ARGUMENTS)
        room.muted = sent["DesiredMute"] == "1"
        return {}
    raise Refused(INVALID_ACTION)


def _position(room: Room, leader: Room) -> dict[str, str]:
    """The track and how far it is. `TrackMetaData`: the track's number in `metadata_of`, written by the XML side."""
    track = leader.track
    nothing = track is None
    shown = Track("", "") if track is None else track
    uri = shown.uri if room is leader else f"x-rincon:{leader.uid}"
    elapsed = min(leader.elapsed, shown.seconds) if shown.seconds else leader.elapsed
    return {
        "Track": "0" if nothing else str(leader.place + 1), "TrackDuration": clock(shown.seconds),
        "TrackMetaData": "", "TrackURI": uri, "RelTime": clock(int(elapsed)), "AbsTime": "NOT_IMPLEMENTED",
        "RelCount": "2147483647", "AbsCount": "2147483647",
    }  # fmt: skip


def clock(seconds: int) -> str:
    """`0:03:34`."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def demo_rooms(names: list[str], host: str, port: int) -> list[Room]:
    """Rooms at consecutive ports; the first has a sound bar."""
    rooms = [Room(name, (host, port + n if port else 0)) for n, name in enumerate(names)]
    if rooms:
        rooms[0] = replace(rooms[0], model="Sonos Beam", number="S14", has_line_in=False, has_tv=True)
    return rooms
