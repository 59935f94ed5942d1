"""Sonos speakers against the simulated household, over real sockets: found, told, grouped, away and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from marge.bridges.lan.device import Poll
from marge.model import State
from marge.simulate.families._serving import HttpAnswer, HttpDevice
from marge.simulate.families._sonos_household import FAVOURITES, Household, Room
from marge.simulate.families.sonos import COVER, SonosHousehold, description
from marge.util.slug import slugify
from tests.support.home import HomeServer, home_server
from tests.support.loopback import free_address
from tests.support.waiting import until

PORT = 1400
LIVING, KITCHEN = "media_player.sonos_living_room", "media_player.sonos_kitchen"


@pytest.fixture(scope="module")
def sonos() -> Iterator[SonosHousehold]:
    """Two rooms, each with an address of its own."""
    rooms = [
        Room("Living Room", (free_address(PORT), PORT), "Sonos Beam", has_line_in=False, has_tv=True),
        Room("Kitchen", (free_address(PORT), PORT)),
    ]
    found = SonosHousehold(Household(rooms))
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def home(sonos: SonosHousehold) -> Iterator[HomeServer]:
    """A home that knows both."""
    with home_server(bridges=("sonos",)) as server:
        for room in sonos.household.rooms:
            assert discover(server, room.where[0])["result"] == "ok"
        until(lambda: state(server, KITCHEN).state == "idle", what="the first contact")
        yield server


@pytest.fixture(autouse=True)
def at_rest(home: HomeServer, sonos: SonosHousehold) -> None:
    """Each test begins with two rooms that play alone, and songs in the living room."""
    household = sonos.household
    with sonos.lock:
        for room in household.rooms:
            household.leave(room)
            room.volume, room.muted, room.mode = 20, False, "NORMAL"
        household.play_songs(household.rooms[0])
        household.rooms[1].uri = ""
    look(home, sonos)
    until(lambda: state(home, LIVING).state == "playing", what="music")


def look(home: HomeServer, sonos: SonosHousehold) -> None:
    """Have all speakers asked now."""
    for room in sonos.household.rooms:
        home.home.system.tell(f"/bridges/sonos/{slugify(room.uid)}", Poll())


def discover(home: HomeServer, ip: str) -> dict[str, Any]:
    answer = home.rest("POST", "/api/integrations/sonos/discover", {"ip": ip})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def state(home: HomeServer, entity_id: str) -> State:
    return until(lambda: home.home.states.get(entity_id), what=entity_id)


def call(home: HomeServer, service: str, entity_id: str = LIVING, **data: Any) -> State:
    """The state right after the service has answered."""
    answer = home.rest("POST", f"/api/services/media_player/{service}", {"entity_id": entity_id, **data})
    assert answer.status_code == 200, answer.text
    return state(home, entity_id)


def refused(home: HomeServer, service: str, **data: Any) -> str:
    with home.websocket() as client:
        answer = client.command(
            "call_service", domain="media_player", service=service, service_data=data, target={"entity_id": LIVING}
        )
    assert not answer["success"]
    return str(answer["error"]["message"])


def test_speakers_that_were_found_are_listed(home: HomeServer, sonos: SonosHousehold) -> None:
    """By their rooms."""
    found = home.rest("GET", "/api/integrations/sonos/status").json()

    assert [(each["zone"], each["online"]) for each in found["devices"]] == [("Living Room", True), ("Kitchen", True)]
    assert found["devices"][0]["model"] == "Sonos Beam"
    assert found["devices"][0]["uid"] == sonos.household.rooms[0].uid
    [row] = [each for each in home.rest("GET", "/api/integrations").json() if each["id"] == "sonos"]
    assert (row["status"], row["device_count"]) == ("active", 2)


def test_what_plays_is_shown(home: HomeServer) -> None:
    """The track, how far it is, how loud."""
    shown = state(home, LIVING).attributes

    assert (shown["media_title"], shown["media_artist"], shown["media_album_name"]) == (
        "Fireflies", "The Porch Lamps", "Dusk",
    )  # fmt: skip
    assert (shown["media_duration"], shown["media_track"], shown["volume_level"]) == (214, 1, 0.2)
    assert (shown["integration"], shown["friendly_name"]) == ("sonos", "Living Room")
    assert shown["source_list"] == ["TV", *(each.title for each in FAVOURITES)]
    assert shown["group_members"] == [LIVING]


def test_the_cover_comes_from_the_speaker(home: HomeServer) -> None:
    """Through this server, for who has the address."""
    address = state(home, LIVING).attributes["entity_picture"]
    answer = home.rest("GET", address, token=None)

    assert (answer.status_code, answer.headers["Content-Type"], answer.content) == (200, "image/png", COVER)


def test_commands_have_worked_when_the_service_answers(home: HomeServer, sonos: SonosHousehold) -> None:
    """The state after the call is the speaker's new one."""
    room = sonos.household.rooms[0]

    assert call(home, "media_pause").state == "paused"
    assert call(home, "media_play").state == "playing"
    assert call(home, "media_next_track").attributes["media_title"] == "Moths"
    assert call(home, "media_next_track").attributes["media_title"] == "Low Battery & High Hopes"
    assert call(home, "media_previous_track").attributes["media_title"] == "Moths"
    assert call(home, "media_seek", seek_position=61).attributes["media_position"] == 61
    assert call(home, "volume_set", volume_level=0.35).attributes["volume_level"] == 0.35
    assert room.volume == 35
    assert call(home, "volume_mute", is_volume_muted=True).attributes["is_volume_muted"] is True
    assert call(home, "shuffle_set", shuffle=True).attributes["shuffle"] is True
    assert call(home, "repeat_set", repeat="all").attributes["repeat"] == "all"
    assert room.mode == "SHUFFLE"
    assert call(home, "media_stop").state == "idle"
    assert call(home, "clear_playlist").state == "idle"
    assert room.queue == []


def test_rooms_play_together_and_alone_again(home: HomeServer, sonos: SonosHousehold) -> None:
    """A member shows what its leader plays, and passes commands on to it."""
    assert call(home, "join", group_members=[KITCHEN]).attributes["group_members"] == [LIVING, KITCHEN]
    until(lambda: state(home, KITCHEN).attributes.get("media_title") == "Fireflies", what="the same song")
    assert state(home, KITCHEN).attributes["group_members"] == [LIVING, KITCHEN]
    assert call(home, "media_pause", KITCHEN).state == "paused"
    assert sonos.household.rooms[0].state == "PAUSED_PLAYBACK"
    until(lambda: state(home, LIVING).state == "paused", what="the leader's pause")
    assert call(home, "volume_set", KITCHEN, volume_level=0.5).attributes["volume_level"] == 0.5
    assert sonos.household.rooms[0].volume == 20
    assert call(home, "unjoin", KITCHEN).attributes["group_members"] == [KITCHEN]
    until(lambda: state(home, LIVING).attributes["group_members"] == [LIVING], what="alone")


def test_only_speakers_can_join(home: HomeServer) -> None:
    """Others are refused by name."""
    assert "light.x" in refused(home, "join", group_members=["light.x"])


def test_sources_are_inputs_and_favourites(home: HomeServer, sonos: SonosHousehold) -> None:
    """Both are named when they are on."""
    shown = call(home, "select_source", source="TV")
    assert (shown.attributes["source"], shown.state) == ("TV", "playing")
    assert sonos.household.rooms[0].uri.startswith("x-sonos-htastream:")
    shown = call(home, "select_source", source="Night Waves")
    assert shown.attributes["source"] == "Night Waves"
    assert sonos.household.rooms[0].uri == "x-rincon-mp3radio://radio.example/night"
    assert "no source" in refused(home, "select_source", source="Toaster")


@pytest.mark.parametrize(
    ("media_id", "enqueue", "plays"),
    [
        ("http://nas.lan/dawn.mp3", None, "http://nas.lan/dawn.mp3"),
        ("http://nas.lan/dawn.mp3", "play", "http://nas.lan/dawn.mp3"),
        ("http://nas.lan/dawn.mp3?a=1&b=<2>", "replace", "http://nas.lan/dawn.mp3?a=1&b=<2>"),
        ("Morning Radio", None, "x-rincon-mp3radio://radio.example/morning"),
        ("http://nas.lan/dawn.mp3", "add", "x-file-cifs://nas/dusk/fireflies.mp3"),
        ("http://nas.lan/dawn.mp3", "next", "x-file-cifs://nas/dusk/fireflies.mp3"),
    ],
)
def test_something_is_played_or_put_into_the_queue(
    home: HomeServer, sonos: SonosHousehold, media_id: str, enqueue: str | None, plays: str
) -> None:
    """As asked for."""
    more = {} if enqueue is None else {"enqueue": enqueue}
    shown = call(home, "play_media", media_content_type="music", media_content_id=media_id, **more)
    room = sonos.household.rooms[0]

    assert (shown.state, shown.attributes["media_content_id"]) == ("playing", plays)
    if enqueue in ("add", "next"):
        place = -1 if enqueue == "add" else 1
        assert room.queue[place].uri == media_id


@pytest.mark.parametrize("media_id", ["media-source://x/y", "no address", "", "x-rincon:RINCON_1"])
def test_what_cannot_be_played_is_refused(home: HomeServer, media_id: str) -> None:
    """In plain words."""
    assert refused(home, "play_media", media_content_type="music", media_content_id=media_id)


def test_a_refusal_of_the_speaker_is_told(home: HomeServer, sonos: SonosHousehold) -> None:
    """With its reason."""
    call(home, "media_stop")
    assert "not possible" in refused(home, "media_pause")
    assert "no such place" in refused(home, "media_seek", seek_position=9_999)


def test_a_speaker_that_is_away_is_unavailable_until_it_is_back(home: HomeServer, sonos: SonosHousehold) -> None:
    """The other one goes on."""
    sonos.servers[1].stop()
    look(home, sonos)
    until(lambda: state(home, KITCHEN).state == "unavailable", what="unavailable")
    assert state(home, LIVING).state == "playing"
    sonos.servers[1].start()
    look(home, sonos)
    until(lambda: state(home, KITCHEN).state == "idle", what="back")


def test_another_speaker_at_the_address_is_not_shown(home: HomeServer, sonos: SonosHousehold) -> None:
    """It counts as away until the right one is back."""
    kitchen = sonos.household.rooms[1]
    sonos.servers[1].stop()
    about = description(Room("Somewhere else", kitchen.where)).encode()
    stranger = HttpDevice(*kitchen.where, lambda _request: HttpAnswer(body=about))
    stranger.start()
    look(home, sonos)
    until(lambda: state(home, KITCHEN).state == "unavailable", what="unavailable")
    stranger.stop()
    sonos.servers[1].start()
    look(home, sonos)
    until(lambda: state(home, KITCHEN).state == "idle", what="back")


def test_a_speaker_that_only_describes_itself_has_no_controls(home: HomeServer) -> None:
    """What cannot be done is no feature."""
    host = free_address(PORT)
    about = description(Room("Attic", (host, PORT))).encode()
    only = HttpDevice(
        host, PORT,
        lambda request: HttpAnswer(body=about) if request.method == "GET" else HttpAnswer(404),
    )  # fmt: skip
    only.start()
    try:
        assert discover(home, host)["device"]["zone"] == "Attic"
        shown = state(home, "media_player.sonos_attic")
        assert (shown.state, shown.attributes["supported_features"]) == ("unknown", 0)
    finally:
        only.stop()
        [entry] = [e for e in home.home.registries.config_entries.for_domain("sonos") if e.title == "Attic"]
        home.rest("DELETE", f"/api/config/config_entries/entry/{entry.entry_id}")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<root/>", b"<root><device/></root>", b"<html>", b"{}",
        b'<!DOCTYPE r [<!ENTITY a "aaaa">]><root><device><roomName>&a;</roomName><UDN>u</UDN></device></root>',
    ],
)  # fmt: skip
def test_somebody_else_at_the_address_is_an_error(home: HomeServer, body: bytes) -> None:
    """What does not say who it is, is no Sonos speaker."""
    host = free_address(PORT)
    other = HttpDevice(host, PORT, lambda _request: HttpAnswer(body=body))
    other.start()
    try:
        answer = discover(home, host)
        assert answer["result"] == "error" and answer["message"]
    finally:
        other.stop()


def test_an_address_where_nobody_answers_is_an_error(home: HomeServer) -> None:
    """At once where it is refused."""
    assert discover(home, free_address(PORT))["result"] == "error"
