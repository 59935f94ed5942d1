"""Uploaded pictures and files, and the files of `www`."""

from __future__ import annotations

import io

import pytest
import requests
from PIL import Image

from marge.domains.image_upload import Images
from marge.errors import InvalidRequest
from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def server():
    with home_server() as running:
        yield running


def picture(width=600, height=300, kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, kind)
    return out.getvalue()


def send(server: HomeServer, path, data, name="a.png", content_type="image/png", token=""):
    headers = {"Authorization": f"Bearer {token or server.admin_token}"}
    files = {"file": (name, data, content_type)}
    return requests.post(server.url + path, files=files, headers=headers, timeout=60)


def test_a_picture_is_kept_shown_and_forgotten(server: HomeServer):
    """As it was sent, and smaller; with the headers that let browsers keep it; until it is deleted."""
    data = picture()
    item = send(server, "/api/image/upload", data).json()
    assert item["filesize"] == len(data)
    assert (item["name"], item["content_type"]) == ("a.png", "image/png")
    path = f"/api/image/serve/{item['id']}"
    whole = server.rest("GET", f"{path}/original", token=None)
    assert (whole.content, whole.headers["Content-Type"]) == (data, "image/png")
    assert whole.headers["Cache-Control"] == "public, max-age=2678400"
    small = server.rest("GET", f"{path}/256x256", token=None)
    assert Image.open(io.BytesIO(small.content)).size == (256, 128)
    etag = small.headers["Etag"]
    assert server.rest("GET", f"{path}/256x256", token=None, headers={"If-None-Match": etag}).status_code == 304
    assert server.rest("GET", f"{path}/100x100", token=None).text == "400: Bad Request"
    with server.websocket() as client:
        assert client.command("image/list")["result"] == [item]
        assert client.command("image/update", image_id=item["id"], name="b")["result"]["name"] == "b"
        assert client.command("image/create", file="x")["error"]["message"] == (
            "expected FileField for dictionary value @ data['file']. Got 'x'"
        )
        assert client.command("image/delete", image_id=item["id"])["success"]
    assert server.rest("GET", f"{path}/original", token=None).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "content_type"),
    [(b"hello", "a.txt", "text/plain"), (b"hello", "a.png", "image/png"), (picture(kind="BMP"), "a.png", "image/png"),
     (b"<svg/>", "a.svg", "image/svg+xml"), (picture(), "../a.png", "image/png")],
)  # fmt: skip
def test_what_is_no_picture_is_refused(server: HomeServer, data, name, content_type):
    """By its type, by its content, by its name."""
    reply = send(server, "/api/image/upload", data, name, content_type)
    assert (reply.status_code, reply.text) == (400, "400: Bad Request")


def test_a_picture_that_would_fill_the_memory_is_refused(server: HomeServer, monkeypatch):
    """The size that it claims is looked at before it is unpacked."""
    monkeypatch.setattr("marge.domains.image_upload.MAX_PIXELS", 100)
    images: Images = server.home.shared["images"]
    with pytest.raises(InvalidRequest, match="too many pixels"):
        images.add(picture(), "image/png", "a.png")


def test_a_request_without_a_file_is_refused(server: HomeServer):
    """A form without it, or no form at all."""
    assert server.rest("POST", "/api/image/upload", {"a": 1}).status_code == 400
    headers = {"Content-Type": "multipart/form-data"}
    assert server.rest("POST", "/api/file_upload", b"--x", headers=headers).status_code == 400


def test_files_for_flows(server: HomeServer):
    """Kept under an id until they are deleted; the oldest go when there are many."""
    first = send(server, "/api/file_upload", b"hello", "a.txt", "text/plain").json()["file_id"]
    uploads = server.home.shared["file_upload"]
    assert uploads.path(first).read_bytes() == b"hello"
    reply = server.rest("DELETE", "/api/file_upload", {"file_id": first})
    assert reply.json() == {"message": "File deleted"}
    assert server.rest("DELETE", "/api/file_upload", {"file_id": first}).status_code == 404
    ids = [send(server, "/api/file_upload", b"x", "a.txt", "text/plain").json()["file_id"] for _ in range(21)]
    assert server.rest("DELETE", "/api/file_upload", {"file_id": ids[0]}).status_code == 404
    assert uploads.path(ids[-1]).read_bytes() == b"x"


def test_the_files_of_www_are_for_everybody_and_nothing_else_is(server: HomeServer, tmp_path):
    """With their type; neither dots nor links lead out."""
    root = server.home.config.config_dir / "www"
    root.mkdir()
    (root / "card.js").write_text("1")
    (root / "sub").mkdir()
    (root / "sub" / "a b.txt").write_text("2")
    secret = tmp_path / "secret.txt"
    secret.write_text("3")
    (root / "link.txt").symlink_to(secret)
    found = server.rest("GET", "/local/card.js", token=None)
    assert (found.text, found.headers["Content-Type"].split(";")[0]) == ("1", "text/javascript")
    assert server.rest("GET", "/local/sub/a%20b.txt", token=None).text == "2"
    for path in ("link.txt", "none.txt", "sub", "", "..%2fconfiguration.yaml", "sub/%2e%2e/%2e%2e/configuration.yaml",
                 "%00", "sub%5c..%5ccard.js"):  # fmt: skip
        assert server.rest("GET", f"/local/{path}", token=None).status_code == 404, path


def test_what_every_site_is_asked_for(server: HomeServer):
    """Without a log-in."""
    assert server.rest("GET", "/robots.txt", token=None).text == "User-agent: *\nDisallow: /"
    reply = server.rest("GET", "/manifest.json", token=None)
    assert reply.headers["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert reply.json()["start_url"] == "/?homescreen=1"
