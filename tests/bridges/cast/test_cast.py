"""Google Cast devices against the simulated one, over real sockets: found, told, telling, away and back."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from marge.bridges.lan.device import Poll
from marge.model import State
from marge.simulate.families._cast_receiver import Receiver
from marge.simulate.families._serving import HttpAnswer, HttpDevice
from marge.simulate.families.cast import CastDevice
from tests.support.home import HomeServer, home_server
from tests.support.loopback import free_address
from tests.support.waiting import until

PLAYER = "media_player.cast_living_room_tv"
HTTP, TLS = 8008, 8009
UNCONTROLLED = "media_player.cast_hall"


@pytest.fixture(scope="module")
def device() -> Iterator[CastDevice]:
    """A television, at the ports that they all have."""
    found = CastDevice(Receiver("Living Room TV", "Chromecast Ultra"), free_address(HTTP, TLS), HTTP, TLS)
    found.start()
    yield found
    found.stop()


@pytest.fixture(scope="module")
def home(device: CastDevice) -> Iterator[HomeServer]:
    """A home that knows it."""
    with home_server(bridges=("cast",)) as server:
        answer = discover(server, device.http.address[0])
        assert answer["result"] == "ok", answer
        until(lambda: state(server).state == "off", what="the first contact")
        yield server


def discover(home: HomeServer, ip: str) -> dict[str, Any]:
    answer = home.rest("POST", "/api/integrations/cast/discover", {"ip": ip})
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def state(home: HomeServer, entity_id: str = PLAYER) -> State:
    return until(lambda: home.home.states.get(entity_id), what=entity_id)


def call(home: HomeServer, service: str, **data: Any) -> State:
    """The state right after the service has answered."""
    answer = home.rest("POST", f"/api/services/media_player/{service}", {"entity_id": PLAYER, **data})
    assert answer.status_code == 200, answer.text
    return state(home)


def refused(home: HomeServer, service: str, **data: Any) -> str:
    with home.websocket() as client:
        answer = client.command(
            "call_service", domain="media_player", service=service, service_data=data, target={"entity_id": PLAYER}
        )
    assert not answer["success"]
    return str(answer["error"]["message"])


def test_a_device_that_was_found_is_listed(home: HomeServer, device: CastDevice) -> None:
    """With what it says of itself; the family is active."""
    [found] = home.rest("GET", "/api/integrations/cast").json()["devices"]
    host = device.http.address[0]

    assert (found["name"], found["ip_address"], found["online"]) == ("Living Room TV", host, True)
    assert (found["model"], found["uuid"]) == ("Chromecast Ultra", device.receiver.udn.replace("-", ""))
    [row] = [each for each in home.rest("GET", "/api/integrations").json() if each["id"] == "cast"]
    assert (row["status"], row["device_count"]) == ("active", 1)
    registered = home.home.registries.devices.find([("cast", found["uuid"])])
    assert registered is not None and registered.manufacturer == "Google Inc."


def test_an_idle_device_is_off(home: HomeServer) -> None:
    """It can be told to play something all the same."""
    call(home, "turn_off")
    shown = state(home)

    assert shown.state == "off"
    assert shown.attributes["integration"] == "cast"
    assert shown.attributes["friendly_name"] == "Living Room TV"


def test_what_somebody_plays_from_a_phone_is_seen_at_once(home: HomeServer, device: CastDevice) -> None:
    """The device tells it; nobody asks."""
    device.play_songs()

    until(lambda: state(home).state == "playing", what="playing")
    shown = state(home).attributes
    assert (shown["media_title"], shown["media_artist"], shown["media_album_name"]) == (
        "Fireflies", "The Porch Lamps", "Dusk",
    )  # fmt: skip
    assert (shown["media_content_type"], shown["media_duration"], shown["media_track"]) == ("music", 214, 1)
    assert (shown["source"], shown["app_name"]) == ("Default Media Receiver", "Default Media Receiver")
    assert (shown["volume_level"], shown["is_volume_muted"]) == (0.5, False)
    assert shown["entity_picture"] == "https://covers.example/dusk.jpg"


def test_commands_have_worked_when_the_service_answers(home: HomeServer, device: CastDevice) -> None:
    """The state after the call is the device's new one."""
    device.play_songs()
    until(lambda: state(home).state == "playing", what="playing")

    assert call(home, "media_pause").state == "paused"
    assert device.receiver.playing == "PAUSED"
    assert call(home, "media_play").state == "playing"
    assert call(home, "media_next_track").attributes["media_title"] == "Moths"
    assert call(home, "media_previous_track").attributes["media_title"] == "Fireflies"
    assert call(home, "volume_set", volume_level=0.3).attributes["volume_level"] == 0.3
    assert call(home, "volume_up").attributes["volume_level"] == 0.4
    assert call(home, "volume_mute", is_volume_muted=True).attributes["is_volume_muted"] is True
    assert device.receiver.muted
    assert call(home, "media_seek", seek_position=100).attributes["media_position"] == 100
    assert call(home, "media_stop").state == "idle"
    assert call(home, "turn_off").state == "off"
    assert call(home, "turn_on").state == "idle"


def test_an_address_is_played(home: HomeServer, device: CastDevice) -> None:
    """The device's own player is started for it."""
    call(home, "turn_off")
    shown = call(
        home, "play_media", media_content_type="music", media_content_id="http://nas.lan/a/dusk.flac?x=1",
        extra={"title": "Dusk"},
    )  # fmt: skip

    assert (shown.state, shown.attributes["media_title"]) == ("playing", "Dusk")
    assert device.receiver.media is not None
    assert device.receiver.media["contentType"] in ("audio/flac", "audio/x-flac")


def test_the_homes_own_media_are_browsed_and_played(home: HomeServer, device: CastDevice) -> None:
    """The device gets an address that it can fetch without a log-in."""
    folder = home.home.config.config_dir / "media"
    folder.mkdir(exist_ok=True)
    (folder / "dusk.mp3").write_bytes(b"la la la")
    with home.websocket() as client:
        browsed = client.command(
            "media_player/browse_media", entity_id=PLAYER, media_content_type="app",
            media_content_id="media-source://media_source/local/.",
        )  # fmt: skip
    assert "dusk.mp3" in [child["title"] for child in browsed["result"]["children"]]
    media_id = "media-source://media_source/local/dusk.mp3"
    assert call(home, "play_media", media_content_type="music", media_content_id=media_id).state == "playing"
    assert device.receiver.media is not None and device.receiver.media["contentType"] == "audio/mpeg"
    parts = urlsplit(device.receiver.media["contentId"])
    assert parts.scheme == "http" and parts.hostname
    assert home.rest("GET", f"{parts.path}?{parts.query}", token=None).content == b"la la la"


@pytest.mark.parametrize("media_id", ["media-source://x", "file:///etc/passwd", "dusk.mp3", "http://", "http:///x"])
def test_what_is_no_address_is_refused(home: HomeServer, media_id: str) -> None:
    """In plain words, before the device is bothered."""
    text = refused(home, "play_media", media_content_type="music", media_content_id=media_id)

    assert "http" in text or "nothing to play" in text


def test_what_needs_something_that_plays_is_refused_without(home: HomeServer) -> None:
    """As with any player that does not have the feature now."""
    call(home, "turn_off")

    assert refused(home, "media_pause")


def test_a_device_without_a_plug_is_unavailable_until_it_is_back(home: HomeServer, device: CastDevice) -> None:
    """It is asked again by itself."""
    device.stop()
    until(lambda: state(home).state == "unavailable", what="unavailable")
    assert home.rest("GET", "/api/integrations/cast").json()["devices"][0]["online"] is False
    device.start()
    home.home.system.tell(f"/bridges/cast/{device.receiver.udn.replace('-', '')}", Poll())
    until(lambda: state(home).state != "unavailable", what="back")


def test_a_new_actor_pretends_nothing_either(home: HomeServer, device: CastDevice) -> None:
    """It starts while the device is away: what its predecessor has shown is not true any more."""
    path = f"/bridges/cast/{device.receiver.udn.replace('-', '')}"
    until(lambda: state(home).state != "unavailable", what="the device")
    device.stop()
    home.home.system.restart(path)
    until(lambda: state(home).state == "unavailable", what="unavailable")
    device.start()
    home.home.system.tell(path, Poll())
    until(lambda: state(home).state != "unavailable", what="back")


def test_one_that_is_found_again_is_kept_once(home: HomeServer, device: CastDevice) -> None:
    """Whoever asks twice has it once."""
    assert discover(home, device.http.address[0])["result"] == "ok"
    assert home.rest("GET", "/api/integrations/cast").json()["device_count"] == 1


def test_a_device_that_takes_no_connection_is_shown_without_controls(home: HomeServer) -> None:
    """What cannot be done is no feature."""
    host = free_address(HTTP, TLS)
    info = b'{"name": "Hall", "ssdp_udn": "7e57", "device_info": {"model_name": 5}}'
    only_http = HttpDevice(host, HTTP, lambda _request: HttpAnswer(body=info))
    only_http.start()
    try:
        assert discover(home, host)["device"]["name"] == "Hall"
        shown = state(home, UNCONTROLLED)
        assert (shown.state, shown.attributes["supported_features"]) == ("unknown", 0)
    finally:
        only_http.stop()
        [entry] = [e for e in home.home.registries.config_entries.for_domain("cast") if e.title == "Hall"]
        home.rest("DELETE", f"/api/config/config_entries/entry/{entry.entry_id}")
    until(lambda: UNCONTROLLED not in home.home.states, what="its end")


@pytest.mark.parametrize("ip", ["not an address!", "http://192.0.2.1/", "127.0.0.1:99999", "0.0.0.0", "224.0.0.1"])
def test_what_is_no_address_of_a_device_is_an_error(home: HomeServer, ip: str) -> None:
    """With status 200 and a reason, as the native API does."""
    answer = discover(home, ip)

    assert answer["result"] == "error" and answer["message"]


def test_an_address_where_nobody_answers_is_an_error_in_time(home: HomeServer) -> None:
    """Refused at once; silence not for ever."""
    assert discover(home, free_address(HTTP))["result"] == "error"
    with socket.create_server((free_address(HTTP), HTTP)) as silent:
        began = time.monotonic()
        answer = discover(home, silent.getsockname()[0])
        assert (answer["result"], time.monotonic() - began < 55) == ("error", True)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"5", b"{}", b'{"name": 5}', b'{"name": "", "ssdp_udn": "x"}', b"<html>", b'{"name": null}']
)
def test_somebody_else_at_the_address_is_an_error(home: HomeServer, body: bytes) -> None:
    """What does not say who it is, is no Cast device."""
    host = free_address(HTTP)
    other = HttpDevice(host, HTTP, lambda _request: HttpAnswer(body=body))
    other.start()
    try:
        assert discover(home, host)["result"] == "error"
    finally:
        other.stop()


def test_another_device_at_the_address_is_not_shown(home: HomeServer, device: CastDevice) -> None:
    """It counts as away until the right one is back."""
    device.stop()
    stranger = CastDevice(Receiver("Bedroom TV", "Chromecast"), device.http.address[0], HTTP, TLS)
    stranger.start()
    path = f"/bridges/cast/{device.receiver.udn.replace('-', '')}"
    home.home.system.tell(path, Poll())
    until(lambda: state(home).state == "unavailable", what="unavailable")
    assert "Another" in str(home.rest("GET", "/api/health").json()["integrations"]["cast"]["last_error"])
    stranger.stop()
    device.start()
    home.home.system.tell(path, Poll())
    until(lambda: state(home).state != "unavailable", what="back")


def test_devices_are_there_again_after_a_restart(home: HomeServer, device: CastDevice) -> None:
    """The family's actors are made from what is kept."""
    home.home.system.restart("/bridges/cast")
    until(lambda: state(home).state != "unavailable" and device.connected >= 1, what="connected again")
    assert home.rest("GET", "/api/integrations/cast").json()["device_count"] == 1
