"""`/api/media_thumbnail/local/…`: small copies of the pictures in the media folder."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from marge.domains import _thumbnails
from marge.domains._thumbnails import SIDE, thumbnails_of
from tests.support.home import HomeServer, home_server

PATH = "/api/media_thumbnail/local/"


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    with home_server("media_source:") as running:
        folder = running.home.config.config_dir / "media"
        folder.mkdir(exist_ok=True)
        exif = Image.Exif()
        exif[0x0112] = 6  # it was taken with the camera on its side
        Image.new("RGB", (1600, 800), "navy").save(folder / "lying down.jpg", exif=exif)
        Image.new("RGBA", (900, 900), (255, 0, 0, 60)).save(folder / "clear.png")
        Image.new("RGB", (20, 10), "green").save(folder / "tiny.webp")
        (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more than that")
        (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        (folder / "song.mp3").write_bytes(b"sound")
        yield running


def opened(server: HomeServer, name: str) -> Image.Image:
    reply = server.rest("GET", PATH + name)
    assert reply.status_code == 200, reply.text
    return Image.open(BytesIO(reply.content))


def colour(picture: Image.Image) -> tuple[int, ...]:
    found = picture.getpixel((5, 5))
    assert isinstance(found, tuple)
    return found


def kept(server: HomeServer) -> set[Path]:
    folder = thumbnails_of(server.home).folder
    return set(folder.iterdir()) if folder.is_dir() else set()


def test_a_photo_becomes_small_and_stands_upright(server: HomeServer) -> None:
    """As its camera was held; a picture that one sees through stays so; a small one is not made larger."""
    photo = opened(server, "lying%20down.jpg")
    assert (photo.format, photo.size) == ("JPEG", (SIDE // 2, SIDE))
    clear = opened(server, "clear.png")
    assert (clear.format, clear.mode, clear.size) == ("PNG", "RGBA", (SIDE, SIDE))
    assert opened(server, "tiny.webp").size == (20, 10)


def test_it_is_made_once_until_the_picture_is_another(server: HomeServer) -> None:
    """The copy is kept; a picture of the same name that is put in its place gets its own."""
    picture = server.home.config.config_dir / "media" / "again.png"
    Image.new("RGB", (640, 640), "red").save(picture)
    assert colour(opened(server, "again.png"))[0] > 200
    before = kept(server)
    reply = server.rest("GET", PATH + "again.png")
    assert kept(server) == before
    assert server.rest("GET", PATH + "again.png", headers={"If-None-Match": reply.headers["Etag"]}).status_code == 304
    Image.new("RGB", (644, 644), "blue").save(picture)
    assert colour(opened(server, "again.png"))[2] > 200


def test_it_is_signed_like_the_picture_itself(server: HomeServer) -> None:
    """Without a log-in or a signature nobody sees it."""
    assert server.rest("GET", PATH + "clear.png", token=None).status_code == 401
    with server.websocket() as client:
        signed = client.command("auth/sign_path", path=PATH + "clear.png")["result"]["path"]
    assert server.rest("GET", signed, token=None).status_code == 200
    assert server.rest("GET", signed.replace("clear.png", "tiny.webp"), token=None).status_code == 401


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("broken.jpg", 404), ("none.jpg", 404), ("song.mp3", 404), ("drawing.svg", 404), ("", 404),
        ("%2e%2e/secrets.jpg", 400), (".hidden.jpg", 400), ("a%00b.jpg", 400),
    ],
)  # fmt: skip
def test_what_is_no_picture_of_the_folder_has_none(server: HomeServer, name: str, status: int) -> None:
    """Broken ones, other files, and whatever leads out of the folder."""
    assert server.rest("GET", PATH + name).status_code == status


def test_a_picture_that_fills_the_memory_is_left_alone(server: HomeServer, monkeypatch) -> None:
    """A small file may claim to be a huge picture."""
    Image.new("1", (300, 300)).save(server.home.config.config_dir / "media" / "huge.png")
    monkeypatch.setattr(_thumbnails, "MAX_PIXELS", 300 * 300 - 1)
    assert server.rest("GET", PATH + "huge.png").status_code == 404


def test_the_oldest_are_forgotten(server: HomeServer, monkeypatch) -> None:
    """As many are kept as the limit says; what was made last is among them."""
    monkeypatch.setattr(_thumbnails, "MAX_KEPT", 2)
    monkeypatch.setattr(_thumbnails, "LOOK_EVERY", 1)
    monkeypatch.setattr(thumbnails_of(server.home), "_new", 0)
    folder = server.home.config.config_dir / "media"
    for number in range(4):
        Image.new("RGB", (400, 400 + number), "white").save(folder / f"many {number}.png")
        opened(server, f"many%20{number}.png")
    before = kept(server)
    assert len(before) == 2
    opened(server, "many%203.png")
    assert kept(server) == before
