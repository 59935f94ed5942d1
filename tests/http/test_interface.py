"""The built interface as the server sends it: the page everywhere, assets for ever, nothing in the API's way."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from marge.http import frontends
from marge.http.dispatch import CAST_ORIGIN
from marge.http.files import Kept, file_reply
from marge.http.interface import FOR_EVER, Interface
from marge.http.message import Request
from tests.support.home import HomeServer, home_server

PAGE = "<!doctype html><title>Marge</title>"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeServer]:
    root = tmp_path_factory.mktemp("ui")
    (root / "assets").mkdir()
    (root / "index.html").write_text(PAGE)
    (root / "sw.js").write_text("self")
    (root / "manifest.webmanifest").write_text("{}")
    (root / "assets" / "index-abc.js").write_text("let x")
    (root / "assets" / "plain-abc.css").write_text("p { }" * 500)
    (root / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"let x"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frontends, "built_interface", lambda: Interface(root))
        with home_server(frontend="marge") as server:
            yield server


def test_every_address_that_is_nobodys_is_the_page(server: HomeServer) -> None:
    """A link into the interface opens it, under a policy that allows its own files alone; asked for anew each time."""
    for path in ("/", "/entities", "/home/lovelace/0", "/areas/kitchen?x=1"):
        reply = server.rest("GET", path, token=None)
        assert (reply.status_code, reply.text) == (200, PAGE)
        assert reply.headers["Cache-Control"] == "no-cache"
        policy = reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    again = server.rest("GET", "/entities", token=None, headers={"If-None-Match": reply.headers["ETag"]})
    assert again.status_code == 304


def test_assets_are_kept_for_ever_and_sent_compressed(server: HomeServer) -> None:
    """Their names change with what is in them; one that is gone is 404, never the page."""
    reply = server.rest("GET", "/assets/index-abc.js", token=None, headers={"Accept-Encoding": "gzip"})
    assert (reply.status_code, reply.text, reply.headers["Content-Encoding"]) == (200, "let x", "gzip")
    assert reply.headers["Cache-Control"] == FOR_EVER and reply.headers["Content-Type"].startswith("text/javascript")
    gone = server.rest("GET", "/assets/index-old.js", token=None)
    assert (gone.status_code, gone.headers.get("Cache-Control")) == (404, None)


def test_assets_do_not_pass_the_table_of_routes(server: HomeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page has dozens of them. Who answers first says what the last would say, and to each client its own."""
    lanes = server.running.lanes
    asked = [{}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br", "Origin": CAST_ORIGIN}, {"If-None-Match": "x"}]
    paths = ("/assets/index-abc.js", "/assets/plain-abc.css", "/assets/old-abc.js", "/assets/", "/assets/%2e%2e/sw.js")
    with monkeypatch.context() as patch:
        patch.setattr(lanes, "_early", None)
        late = [_seen(server, path, headers) for path in paths for headers in asked]
    for _time in range(2):  # read, and kept
        assert [_seen(server, path, headers) for path in paths for headers in asked] == late
    monkeypatch.setattr(lanes, "wsgi_app", None)
    reply = server.rest("GET", "/assets/index-abc.js", token=None)
    known = {"If-None-Match": reply.headers["ETag"]}
    again = server.rest("GET", "/assets/index-abc.js", token=None, headers=known)
    assert (reply.text, again.status_code, again.text) == ("let x", 304, "")


def _seen(server: HomeServer, path: str, headers: dict[str, str]) -> object:
    """What a client sees of a file, but the moment."""
    reply = server.rest("GET", path, token=None, headers={"Accept-Encoding": "identity", **headers})
    return reply.status_code, reply.content, {key: value for key, value in reply.headers.items() if key != "Date"}


def test_what_is_kept_in_memory_has_a_bound(tmp_path: Path) -> None:
    """What was not asked for lately makes room; what is too large for it is read each time."""
    sizes = {"a": 20, "b": 20, "c": 20, "d": 20, "e": 20, "large": 26}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(name[:1].encode() * size)
    kept = Kept(most_bytes=100)
    request = Request("GET", "/")
    for name in (*sizes, "a", "f", "a"):
        reply = file_reply(request, tmp_path, name, kept=kept)
        assert len(reply.body) == sizes.get(name, len(reply.body)) and kept.bytes <= 100
    assert kept.bytes == 100
    (tmp_path / "g").write_bytes(b"g")
    file_reply(request, tmp_path, "g", kept=kept)
    for path in tmp_path.iterdir():
        path.unlink()
    there = {name for name in (*sizes, "g") if file_reply(request, tmp_path, name, kept=kept).status == 200}
    assert there == {"a", "c", "d", "e", "g"}  # b was the one that nobody had asked for again


def test_files_beside_the_page_are_themselves(server: HomeServer) -> None:
    """The service worker is looked at anew each time, so that an update arrives."""
    worker = server.rest("GET", "/sw.js", token=None)
    assert (worker.text, worker.headers["Cache-Control"]) == ("self", "no-cache")
    manifest = server.rest("GET", "/manifest.webmanifest", token=None)
    assert manifest.headers["Content-Type"].startswith("application/manifest+json")


@pytest.mark.parametrize("path", ["/api/nope", "/auth/nope", "/static/x.js", "/local/x.png", "/media/x"])
def test_the_api_is_not_hidden_by_the_interface(server: HomeServer, path: str) -> None:
    """What does not exist there is said not to exist."""
    assert server.rest("GET", path).status_code in (404, 405)


def test_other_clients_log_in_on_their_page(server: HomeServer) -> None:
    """`/auth/authorize` stays as it is without the interface."""
    reply = server.rest("GET", "/auth/authorize?client_id=x&redirect_uri=y", token=None)
    assert reply.status_code == 200 and PAGE not in reply.text


def test_without_a_build_there_is_the_simple_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout whose interface was not built works all the same."""
    monkeypatch.setattr(frontends, "built_interface", lambda: None)
    with home_server(frontend="marge") as server:
        assert "<script>" in server.rest("GET", "/", token=None).text
