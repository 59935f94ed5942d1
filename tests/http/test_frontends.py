"""What stands at `/`: a folder of pages, or Home Assistant's frontend as its package holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from marge.http.files import content_type, inside
from tests.support.home import HomeServer, home_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pages")
    (root / "pages").mkdir()
    (root / "secret.txt").write_text("secret")
    (root / "pages" / "index.html").write_text("<p>mine")
    (root / "pages" / "a b.js").write_text("let x")
    os.symlink(root / "secret.txt", root / "pages" / "link.txt")
    return root / "pages"


@pytest.fixture(scope="module")
def own_pages(folder: Path) -> Iterator[HomeServer]:
    with home_server(dashboard_path=folder) as server:
        yield server


@pytest.fixture(scope="module")
def official() -> Iterator[HomeServer]:
    pytest.importorskip("hass_frontend", reason="the extra ha-frontend is not installed")
    with home_server(with_users=False, frontend="home-assistant") as server:
        yield server


def test_a_folder_of_pages_stands_at_the_front(own_pages: HomeServer) -> None:
    """Its index.html is `/` and every address that is nothing else; its files are themselves."""
    for path in ("/", "/rooms/kitchen"):
        reply = own_pages.rest("GET", path, token=None)
        assert (reply.status_code, reply.text) == (200, "<p>mine")
    script = own_pages.rest("GET", "/a%20b.js", token=None)
    assert (script.text, script.headers["Content-Type"]) == ("let x", "text/javascript")
    again = own_pages.rest("GET", "/a%20b.js", token=None, headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304


def test_the_api_is_not_hidden_by_pages(own_pages: HomeServer) -> None:
    """Unknown API paths stay 404, known ones with another method 405."""
    assert own_pages.rest("GET", "/api/nope").status_code == 404
    assert own_pages.rest("GET", "/auth/token").status_code == 405
    assert own_pages.rest("POST", "/rooms/kitchen").status_code == 404
    assert own_pages.rest("HEAD", "/rooms/kitchen", token=None).status_code == 200


@pytest.mark.parametrize("path", ["link.txt", "../secret.txt", "..\\secret.txt", "a/../../secret.txt", "", ".", "\0"])
def test_nothing_outside_the_folder_is_found(folder: Path, path: str) -> None:
    """Neither by dots nor by links."""
    assert inside(folder, path) is None


def test_types_follow_names() -> None:
    """What browsers insist on."""
    assert content_type("x/core.js") == "text/javascript"
    assert content_type("font.woff2") == "font/woff2"
    assert content_type("strange") == "application/octet-stream"


def test_a_fresh_home_sends_to_the_onboarding(official: HomeServer) -> None:
    """Without an owner `/` leads to the official onboarding page, with one to the app."""
    reply = official.rest("GET", "/", token=None)
    assert (reply.status_code, reply.headers["Location"]) == (302, "/onboarding.html")
    assert "<ha-onboarding" in official.rest("GET", "/onboarding.html", token=None).text
    official.add_users()
    page = official.rest("GET", "/", token=None)
    assert page.status_code == 200 and "{{" not in page.text and "/frontend_latest/core." in page.text


def test_panels_show_the_app_and_other_addresses_do_not(official: HomeServer) -> None:
    """A reload of any panel's address works."""
    if official.auth.owner() is None:
        official.add_users()
    index = official.rest("GET", "/", token=None).text
    for path in ("/lovelace", "/lovelace/0", "/config/devices/dashboard", "/history"):
        assert official.rest("GET", path, token=None).text == index
    assert official.rest("GET", "/nope", token=None).status_code == 404


def test_built_files_come_compressed_and_are_kept(official: HomeServer) -> None:
    """The package's compressed twins are sent as they are, to be kept for a month."""
    page = official.rest("GET", "/onboarding.html", token=None).text
    script = page.partition('href="/frontend_latest/')[2].partition('"')[0]
    for accepted, encoding in (("br", "br"), ("gzip", "gzip"), ("identity", None)):
        reply = official.rest(
            "GET", f"/frontend_latest/{script}", token=None, headers={"Accept-Encoding": accepted}, stream=True
        )
        assert reply.status_code == 200
        assert reply.headers.get("Content-Encoding") == encoding
        assert reply.headers["Cache-Control"] == "public, max-age=2678400"
        assert reply.headers["Content-Type"] == "text/javascript"
    assert official.rest("GET", "/frontend_latest/", token=None).status_code == 403
    assert official.rest("GET", "/frontend_latest/nope.js", token=None).status_code == 404
