"""The built interface as the server sends it: the page everywhere, assets for ever, nothing in the API's way."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from marge.http import frontends
from marge.http.interface import FOR_EVER, Interface
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
