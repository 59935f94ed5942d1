"""Pictures of cameras and players, and the files of the media folder, over a real socket."""

from __future__ import annotations

import socket

import pytest
import requests

from marge.domains._pictures import Picture
from marge.domains.camera import CameraEntity
from marge.domains.image import ImageEntity
from marge.model import State
from tests.support.home import HomeServer, home_server
from tests.support.waiting import until

JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG"
SOUND = bytes(range(256)) * 4


@pytest.fixture(scope="module")
def home():
    """A home with the simulated devices and three files in its media folder."""
    with home_server("demo:\n", bridges=("demo",)) as server:
        folder = server.home.config.config_dir / "media" / "songs"
        folder.mkdir(parents=True)
        (folder / "tick.mp3").write_bytes(SOUND)
        (folder / "secret.txt").write_text("no sound")
        (folder / "way out.mp3").symlink_to(server.home.config.config_dir / "configuration.yaml")
        until(lambda: "weather.demo_weather_north" in server.home.states, what="the simulated devices")
        yield server


def token_of(home: HomeServer, entity_id: str) -> str:
    entity = home.home.entities.owned[entity_id]
    return entity.access_token  # type: ignore[attr-defined]


def state_of(home: HomeServer, entity_id: str) -> State:
    state = home.home.states.get(entity_id)
    assert state is not None
    return state


def test_a_camera_shows_what_it_sees_in_the_size_asked_for(home: HomeServer) -> None:
    """A smaller picture is asked for by its sides; the two kinds of pictures have their types."""
    whole = home.rest("GET", "/api/camera_proxy/camera.demo_camera")
    small = home.rest("GET", "/api/camera_proxy/camera.demo_camera?width=100&height=100")
    png = home.rest("GET", "/api/camera_proxy/camera.demo_camera_png")

    assert (whole.status_code, whole.headers["Content-Type"], whole.content[:3]) == (200, "image/jpg", JPEG)
    assert small.content[:3] == JPEG and len(small.content) < len(whole.content)
    assert (png.headers["Content-Type"], png.content[:4]) == ("image/png", PNG)


@pytest.mark.parametrize("query", ["width=x&height=1", "width=0&height=5", "width=-3"])
def test_a_side_that_is_no_number_is_a_bad_request(home: HomeServer, query: str) -> None:
    """And not a failure of the server."""
    assert home.rest("GET", f"/api/camera_proxy/camera.demo_camera?{query}").status_code == 400


def test_who_may_see_a_camera(home: HomeServer) -> None:
    """A log-in or the entity's token opens it; a token of another entity does not."""
    path = "/api/camera_proxy/camera.demo_camera"

    assert home.rest("GET", path, token=home.reader_token).status_code == 200
    assert home.rest("GET", f"{path}?token={token_of(home, 'camera.demo_camera')}", token=None).status_code == 200
    assert home.rest("GET", f"{path}?token={token_of(home, 'camera.demo_camera_png')}", token=None).status_code == 403
    assert home.rest("GET", f"{path}?token=%C3%A9", token=None).status_code == 403
    assert home.rest("GET", path, token=None).status_code == 403
    assert home.rest("GET", path, token="nonsense").status_code == 401
    assert home.rest("GET", "/api/camera_proxy/camera.nope", token=None).status_code == 404


def test_a_signed_address_opens_a_camera(home: HomeServer) -> None:
    """As frontends ask for pictures."""
    with home.websocket() as client:
        signed = client.command("auth/sign_path", path="/api/camera_proxy/camera.demo_camera")["result"]["path"]

    assert home.rest("GET", signed, token=None).status_code == 200
    assert home.rest("GET", signed.replace("demo_camera", "demo_camera_png", 1), token=None).status_code == 403


def test_an_old_token_stays_good_until_the_next_one_but_one(home: HomeServer) -> None:
    """A page that is open while the token changes goes on showing pictures."""
    entity_id = "camera.demo_camera_without_stream"
    path = f"/api/camera_proxy/{entity_id}?token="
    first = token_of(home, entity_id)

    home.home.entities.report(entity_id, rotate_token=True)
    home.wait()
    assert first != token_of(home, entity_id)
    assert state_of(home, entity_id).attributes["access_token"] == token_of(home, entity_id)
    assert home.rest("GET", path + first, token=None).status_code == 200

    home.home.entities.report(entity_id, rotate_token=True)
    home.wait()
    assert home.rest("GET", path + first, token=None).status_code == 403


def test_a_camera_that_is_off_shows_nothing(home: HomeServer) -> None:
    """503, as HA; and again when it is on."""
    target = {"entity_id": "camera.demo_camera_png"}
    home.rest("POST", "/api/services/camera/turn_off", target)
    assert home.rest("GET", "/api/camera_proxy/camera.demo_camera_png").status_code == 503
    assert home.rest("GET", "/api/camera_proxy_stream/camera.demo_camera_png").status_code == 503

    home.rest("POST", "/api/services/camera/turn_on", target)
    assert home.rest("GET", "/api/camera_proxy/camera.demo_camera_png").status_code == 200


def test_a_stream_is_pictures_one_after_the_other(home: HomeServer) -> None:
    """The first part comes twice, so that browsers show it at once; the stream ends with its client."""
    headers = {"Authorization": f"Bearer {home.admin_token}"}
    url = f"{home.url}/api/camera_proxy_stream/camera.demo_camera"
    with requests.get(url, headers=headers, stream=True, timeout=60) as reply:
        assert reply.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=--frameboundary"
        start = next(reply.iter_content(200))
    running = home.home.shared["picture_streams"]

    assert start.startswith(b"--frameboundary\r\nContent-Type: image/jpg\r\nContent-Length: ")
    assert b"\r\n\r\n" + JPEG in start
    camera = home.home.entities.owned["camera.demo_camera"]
    assert isinstance(camera, CameraEntity)
    home.rest("POST", "/api/services/camera/turn_off", {"entity_id": "camera.demo_camera"})
    until(lambda: not running, what="the end of the stream")
    home.rest("POST", "/api/services/camera/turn_on", {"entity_id": "camera.demo_camera"})


def test_a_slow_reader_costs_nobody_else_anything(home: HomeServer) -> None:
    """Who does not read waits alone."""
    path = "/api/camera_proxy_stream/camera.demo_camera?interval=0.5"
    with socket.create_connection(("127.0.0.1", home.port)) as lazy:
        lazy.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {home.admin_token}\r\n\r\n".encode())
        until(lambda: home.home.shared["picture_streams"], what="the stream")
        assert home.rest("GET", "/api/").status_code == 200


@pytest.mark.parametrize("interval", ["0.1", "x", "nan", "-1", "inf"])
def test_an_interval_that_makes_no_sense_is_a_bad_request(home: HomeServer, interval: str) -> None:
    """Half a second is the shortest."""
    reply = home.rest("GET", f"/api/camera_proxy_stream/camera.demo_camera?interval={interval}")
    assert reply.status_code == 400


def test_a_player_shows_the_cover_of_what_it_plays(home: HomeServer) -> None:
    """By the address in its state, and by nothing else."""
    picture = state_of(home, "media_player.walkman").attributes["entity_picture"]
    reply = home.rest("GET", picture, token=None)

    assert (reply.status_code, reply.content[:3], reply.headers["Cache-Control"]) == (200, JPEG, "max-age=3600")
    assert home.rest("GET", "/api/media_player_proxy/media_player.walkman", token=None).status_code == 401
    assert home.rest("GET", "/api/media_player_proxy/media_player.nope").status_code == 404
    assert home.rest("GET", "/api/media_player_proxy/media_player.group").status_code == 500
    assert home.rest("GET", "/api/image_proxy/image.nope").status_code == 404


class Plan(ImageEntity):
    """An image entity of the test's own."""

    name = "Plan"
    shows: Picture | None = Picture(b"<svg/>", "image/svg+xml")

    def picture(self) -> Picture | None:
        if self.shows is None:
            raise OSError("the disk is gone")
        return self.shows


def test_an_image_entity_shows_its_picture(home: HomeServer) -> None:
    """By the address in its state; an owner that fails is a 500 and no more."""
    plan = Plan()
    home.home.entities.add(plan, "image.plan", "test")
    home.wait()
    address = state_of(home, "image.plan").attributes["entity_picture"]

    reply = home.rest("GET", address, token=None)
    assert (reply.status_code, reply.content, reply.headers["Content-Type"]) == (200, b"<svg/>", "image/svg+xml")
    assert reply.headers["Content-Security-Policy"] == "sandbox"  # scripts in it stay what they are: text
    assert home.rest("GET", "/api/image_proxy/image.plan", token=None).status_code == 403
    plan.shows = None
    assert home.rest("GET", address, token=None).status_code == 500


def test_a_file_of_the_media_folder_comes_whole_or_in_pieces(home: HomeServer) -> None:
    """Players ask for pieces, and whether the file has changed."""
    path = "/media/local/songs/tick.mp3"
    whole = home.rest("GET", path)
    piece = home.rest("GET", path, headers={"Range": "bytes=10-19"})
    end = home.rest("GET", path, headers={"Range": "bytes=-4"})
    beyond = home.rest("GET", path, headers={"Range": "bytes=5000-"})
    again = home.rest("GET", path, headers={"If-None-Match": whole.headers["Etag"]})
    head = home.rest("HEAD", path)

    assert (whole.status_code, whole.content, whole.headers["Content-Type"]) == (200, SOUND, "audio/mpeg")
    assert whole.headers["Content-Length"] == "1024"
    assert (piece.status_code, piece.content) == (206, SOUND[10:20])
    assert piece.headers["Content-Range"] == "bytes 10-19/1024"
    assert (end.status_code, end.content) == (206, SOUND[-4:])
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */1024")
    assert (again.status_code, again.content) == (304, b"")
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, "1024", b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("songs/none.mp3", 404), ("songs/secret.txt", 404), ("songs", 404), ("../configuration.yaml", 400),
        ("%2e%2e/configuration.yaml", 400), ("songs/..%2f..%2fconfiguration.mp3", 400), ("songs/way%20out.mp3", 400),
        ("a%00b.mp3", 400),
    ],
)  # fmt: skip
def test_nothing_else_leaves_the_machine(home: HomeServer, path: str, status: int) -> None:
    """Neither other kinds of files, nor what lies outside of the folder."""
    with socket.create_connection(("127.0.0.1", home.port)) as raw:  # a client that does not tidy the path up
        request = f"GET /media/local/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {home.admin_token}\r\n"
        raw.sendall(f"{request}Connection: close\r\n\r\n".encode())
        reply = raw.recv(65536)
    assert reply.startswith(f"HTTP/1.1 {status} ".encode())


def test_an_administrator_adds_files_to_the_media_folder(home: HomeServer) -> None:
    """Sounds, pictures and films, into folders that are there; nobody else, and nothing else."""

    def add(name: str, folder: str = "media-source://media_source/local/songs", token: str = "") -> requests.Response:
        headers = {"Authorization": f"Bearer {token or home.admin_token}"}
        url = f"{home.url}/api/media_source/local_source/upload"
        files = {"file": (name, SOUND, "audio/mpeg")}
        return requests.post(url, headers=headers, data={"media_content_id": folder}, files=files, timeout=60)

    added = add("new.mp3")
    assert added.json() == {"media_content_id": "media-source://media_source/local/songs/new.mp3"}
    assert home.rest("GET", "/media/local/songs/new.mp3").content == SOUND
    assert add("new.mp3", token=home.user_token).status_code == 401
    assert add("new.txt").status_code == 400
    assert add("../new.mp3").status_code == 400
    assert add("new.mp3", "media-source://media_source/local/none").status_code == 400
    assert add("new.mp3", "media-source://media_source/local/../..").status_code == 400
    assert add("new.mp3", "media-source://camera").status_code == 400


def test_media_needs_a_log_in(home: HomeServer) -> None:
    """401 without."""
    assert home.rest("GET", "/media/local/songs/tick.mp3", token=None).status_code == 401


def test_a_snapshot_is_written_where_files_may_be_written(home: HomeServer) -> None:
    """The folder `www` is allowed; another is refused with the reason."""
    folder = home.home.config.config_dir
    name = f"{folder}/www/{{{{ entity_id.name | slugify }}}}.jpg"
    data = {"entity_id": "camera.demo_camera", "filename": name}

    assert home.rest("POST", "/api/services/camera/snapshot", data).status_code == 200
    assert (folder / "www" / "demo_camera.jpg").read_bytes()[:3] == JPEG
    refused = home.rest("POST", "/api/services/camera/snapshot", {**data, "filename": f"{folder}/secrets.yaml"})
    assert refused.status_code == 500 and "no access to path" in refused.text
    wrong = home.rest("POST", "/api/services/camera/snapshot", {**data, "filename": "{{ nonsense("})
    assert wrong.status_code == 500
