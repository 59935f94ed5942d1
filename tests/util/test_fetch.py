"""Fetching from the web, against a server on this machine."""

from __future__ import annotations

import ssl
from pathlib import Path

import gevent
import pytest
from gevent.pywsgi import WSGIServer

from marge.util.fetch import FetchError, fetch

TLS = Path(__file__).parent.parent / "data" / "tls"


def answer(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/page":
        start_response("200 OK", [])
        return [b"text"]
    if path == "/big":
        start_response("200 OK", [])
        return (b"x" * 1000 for _ in range(1000))
    if path == "/slow":
        start_response("200 OK", [])
        return slowly()
    if path.startswith("/to/"):
        start_response("302 Found", [("Location", path.removeprefix("/to/"))])
        return [b""]
    if path == "/loop":
        start_response("302 Found", [("Location", "/loop")])
        return [b""]
    start_response("404 Not Found", [])
    return [b""]


def slowly():
    for _ in range(100):
        yield b"x"
        gevent.sleep(0.05)


@pytest.fixture(scope="module")
def web():
    server = WSGIServer(("127.0.0.1", 0), answer, log=None, error_log=None)
    server.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.stop()


@pytest.fixture(scope="module")
def secure():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost-cert.pem", TLS / "localhost-key.pem")
    server = WSGIServer(("127.0.0.1", 0), answer, log=None, error_log=None, ssl_context=context)
    server.start()
    yield f"https://localhost:{server.server_port}"
    server.stop()


def test_a_page_is_fetched(web):
    """Also behind a redirect."""
    assert fetch(f"{web}/page", 100, 5.0) == b"text"
    assert fetch(f"{web}/to//page", 100, 5.0) == b"text"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/none", "404"), ("/big", "larger than 9 KB"), ("/slow", "no answer within 0.2 s"), ("/loop", "infinite loop"),
        ("/to/file:///etc/passwd", "not allowed"), ("/to/ftp://x/y", "not followed"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_says_why(web, path, problem):
    """No page, too large, too slow as a whole, redirects in a circle or to another protocol."""
    with pytest.raises(FetchError, match=problem):
        fetch(f"{web}{path}", 10_000, 0.2 if path == "/slow" else 5.0)


def test_nobody_there():
    """A port that nobody listens at, and an address that is none."""
    for url in ("http://127.0.0.1:1/", "http://", "file:///etc/passwd"):
        with pytest.raises(FetchError):
            fetch(url, 100, 2.0)


def test_certificates_are_checked(secure, web):
    """One of nobody's is refused; so is the way from https to http."""
    with pytest.raises(FetchError, match="(?i)certificate"):
        fetch(f"{secure}/page", 100, 5.0)

    trust = ssl.create_default_context(cafile=str(TLS / "localhost-cert.pem"))
    assert fetch(f"{secure}/page", 100, 5.0, trust) == b"text"
    with pytest.raises(FetchError, match="not followed"):
        fetch(f"{secure}/to/{web}/page", 100, 5.0, trust)
