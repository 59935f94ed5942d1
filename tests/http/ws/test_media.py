"""Commands about media, cameras, forecasts and updates, in a home with the simulated devices."""

from __future__ import annotations

import pytest

from tests.support.home import HomeServer, home_server
from tests.support.waiting import until


@pytest.fixture(scope="module")
def home():
    """A home with the simulated devices and a song."""
    with home_server("demo:\n", bridges=("demo",)) as server:
        folder = server.home.config.config_dir / "media"
        (folder / "songs").mkdir(parents=True)
        (folder / "songs" / "tick tock.mp3").write_bytes(b"sound")
        (folder / "songs" / "notes.txt").write_text("no sound")
        (folder / ".hidden.mp3").write_bytes(b"sound")
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        yield server


@pytest.fixture
def client(home: HomeServer):
    """A WebSocket of the administrator."""
    with home.websocket() as websocket:
        yield websocket


def error_of(reply):
    return reply["error"]["code"], reply["error"]["message"]


def test_the_media_folder_can_be_browsed_and_played(home: HomeServer, client) -> None:
    """From the list of sources down to an address that plays without a log-in."""
    root = client.command("media_source/browse_media")["result"]
    assert [child["title"] for child in root["children"]][:1] == ["Camera"]
    folder = client.command("media_source/browse_media", media_content_id="media-source://media_source")["result"]
    assert [(child["title"], child["can_expand"]) for child in folder["children"]] == [("songs", True)]
    songs = client.command(
        "media_source/browse_media", media_content_id=folder["children"][0]["media_content_id"]
    )["result"]
    [song] = songs["children"]
    assert (song["title"], song["media_class"], song["media_content_type"]) == ("tick tock.mp3", "music", "audio/mpeg")

    played = client.command("media_source/resolve_media", media_content_id=song["media_content_id"])["result"]
    assert played["mime_type"] == "audio/mpeg"
    assert home.rest("GET", played["url"], token=None).content == b"sound"


def test_cameras_are_a_source(home: HomeServer, client) -> None:
    """Their pictures play as a stream."""
    cameras = client.command("media_source/browse_media", media_content_id="media-source://camera")["result"]
    assert len(cameras["children"]) == 3
    found = client.command("media_source/resolve_media", media_content_id="media-source://camera/camera.demo_camera")
    assert found["result"]["url"].startswith("/api/camera_proxy_stream/camera.demo_camera?authSig=")


@pytest.mark.parametrize(
    ("content_id", "text"),
    [
        ("media-source://nope", "Unknown media source"),
        ("nonsense", "Invalid media source URI"),
        ("media-source://media_source/other", "Unknown source directory."),
        ("media-source://media_source/local/../x", "Invalid path."),
        ("media-source://media_source/local/none", "Path does not exist."),
        ("media-source://media_source/local/songs/tick tock.mp3", "Path is not a directory."),
        ("media-source://camera/x", "Unknown item"),
    ],
)
def test_what_cannot_be_browsed_says_why(client, content_id: str, text: str) -> None:
    """With the code that frontends know."""
    reply = client.command("media_source/browse_media", media_content_id=content_id)
    assert error_of(reply) == ("browse_media_failed", text)


@pytest.mark.parametrize(
    "content_id", ["media-source://", "media-source://nope/x", "media-source://camera/light.x", "x"]
)
def test_what_cannot_be_played_says_so(client, content_id: str) -> None:
    """With the code that frontends know."""
    reply = client.command("media_source/resolve_media", media_content_id=content_id)
    assert reply["error"]["code"] == "resolve_media_failed"


def test_an_administrator_deletes_a_file_of_the_folder(home: HomeServer, client) -> None:
    """Others may not, folders stay, and nothing outside is touched."""
    path = home.home.config.config_dir / "media" / "old.mp3"
    path.write_bytes(b"x")
    place = "media-source://media_source/local"
    remove = "media_source/local_source/remove"

    with home.websocket(home.user_token) as user:
        assert user.command(remove, media_content_id=f"{place}/old.mp3")["error"]["code"] == "unauthorized"
    assert client.command(remove, media_content_id=f"{place}/old.mp3")["success"]
    assert not path.exists()
    assert error_of(client.command(remove, media_content_id=f"{place}/old.mp3")) == (
        "not_found", "Path does not exist"
    )  # fmt: skip
    assert error_of(client.command(remove, media_content_id=f"{place}/songs")) == (
        "not_supported", "Path is not a file"
    )  # fmt: skip
    reply = client.command(remove, media_content_id=f"{place}/../configuration.yaml")
    assert not reply["success"] and (home.home.config.config_dir / "configuration.yaml").exists()


def test_what_people_choose_for_a_camera_stays(home: HomeServer, client) -> None:
    """Kept for the next start; the orientation belongs to registered cameras only."""
    camera = {"entity_id": "camera.demo_camera_png"}
    assert client.command("camera/update_prefs", **camera, preload_stream=True)["result"] == {
        "preload_stream": True, "orientation": 1,
    }  # fmt: skip
    assert client.command("camera/get_prefs", **camera)["result"]["preload_stream"] is True
    assert home.home.storage.load("camera_prefs/camera.demo_camera_png") == {"preload_stream": True}
    assert client.command("camera/update_prefs", **camera, orientation=3)["error"]["code"] == "update_failed"
    assert client.command("camera/update_prefs", **camera, orientation=9)["error"]["code"] == "invalid_format"
    assert not client.command("camera/update_prefs", entity_id="camera.nope", preload_stream=True)["success"]


def test_a_camera_without_a_stream_says_so(client) -> None:
    """In HA's words for it."""
    camera = {"entity_id": "camera.demo_camera_without_stream"}
    assert client.command("camera/capabilities", **camera)["result"] == {"frontend_stream_types": []}
    reply = client.command("camera/webrtc/offer", **camera, offer="x")
    assert error_of(reply) == (
        "webrtc_offer_failed", "Camera does not support WebRTC, frontend_stream_types=set()"
    )  # fmt: skip
    assert error_of(client.command("camera/capabilities", entity_id="camera.nope"))[1] == "Camera not found"


@pytest.mark.parametrize(("kind", "keys"), [("daily", 6), ("hourly", 6), ("twice_daily", 7)])
def test_forecasts_are_followed(home: HomeServer, client, kind: str, keys: int) -> None:
    """One comes at once, another when the weather has news; in the home's units."""
    entity_id = "weather.demo_weather_north"
    reply = client.command("weather/subscribe_forecast", entity_id=entity_id, forecast_type=kind)
    first = client.event(reply["id"])
    assert first["type"] == kind and len(first["forecast"]) == 7
    assert {len(entry) for entry in first["forecast"]} == {keys}
    assert isinstance(first["forecast"][0]["temperature"], float)  # tenths of a degree Celsius

    home.home.entities.owned[entity_id].forecasts_changed()  # type: ignore[attr-defined]
    assert client.event(reply["id"])["forecast"][0]["condition"] == first["forecast"][0]["condition"]
    assert client.command("unsubscribe_events", subscription=reply["id"])["success"]
    assert home.home.entities.owned[entity_id]._listeners == ()  # type: ignore[attr-defined]


def test_what_there_is_no_forecast_of_is_refused(client) -> None:
    """With the codes that frontends know."""
    south = client.command(
        "weather/subscribe_forecast", entity_id="weather.demo_weather_south", forecast_type="hourly"
    )
    nobody = client.command("weather/subscribe_forecast", entity_id="weather.nope", forecast_type="daily")
    assert south["error"]["code"] == "forecast_not_supported"
    assert nobody["error"]["code"] == "invalid_entity_id"


def test_release_notes_are_markdown(client) -> None:
    """Of updates that have some."""
    reply = client.command("update/release_notes", entity_id="update.demo_update_with_progress")
    assert "**With** markdown" in reply["result"]
    for entity_id, code in (("update.demo_add_on", "not_supported"), ("light.bed_light", "not_found")):
        assert client.command("update/release_notes", entity_id=entity_id)["error"]["code"] == code


def test_a_player_without_a_library_says_so(client) -> None:
    """One says that it has none, the other that it would have one."""
    codes = []
    for entity_id in ("media_player.walkman", "media_player.browse", "media_player.nope"):
        codes.append(client.command("media_player/browse_media", entity_id=entity_id)["error"]["code"])
    assert codes == ["not_supported", "not_supported", "entity_not_found"]
    half = client.command("media_player/browse_media", entity_id="media_player.browse", media_content_id="x")
    assert half["error"]["code"] == "invalid_format"
