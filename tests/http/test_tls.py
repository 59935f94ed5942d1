"""Encryption as the settings want it."""

from __future__ import annotations

import shutil
import ssl
from pathlib import Path

import pytest
import requests

from marge.cli.api import connect
from marge.errors import ConfigError, Unavailable
from marge.http.tls import make_context
from tests.support.home import home_server

FOLDER = Path(__file__).parents[1] / "data" / "tls"
CERTIFICATE, KEY = FOLDER / "localhost-cert.pem", FOLDER / "localhost-key.pem"


def test_a_home_with_a_certificate_speaks_https_and_nothing_else(tmp_path: Path) -> None:
    """The files are named relative to the home or absolutely, in HA's words."""
    configuration = f"http:\n  ssl_certificate: {CERTIFICATE}\n  ssl_key: {KEY}\n  ssl_profile: intermediate\n"
    with home_server(configuration) as server:
        reply = requests.get(f"https://localhost:{server.port}/api/health", verify=str(CERTIFICATE), timeout=60)
        assert reply.status_code == 200
        with pytest.raises(requests.ConnectionError):
            server.rest("GET", "/api/health", token=None)


def test_the_command_line_trusts_the_homes_own_certificate_and_no_other(tmp_path: Path) -> None:
    """It asks by address, so no name in the certificate fits, and no authority of the system knows it."""
    configuration = f"http:\n  ssl_certificate: {CERTIFICATE}\n  ssl_key: {KEY}\n"
    with home_server(configuration) as server:
        text = f"{configuration}  server_host: 127.0.0.1\n  server_port: {server.port}\n"
        (tmp_path / "configuration.yaml").write_text(text)
        api = connect(None, server.admin_token, tmp_path)

        assert api.url == f"https://127.0.0.1:{server.port}"
        assert api.get("/api/")["message"] == "API running."
        with pytest.raises(Unavailable):
            connect(api.url, server.admin_token, None).get("/api/")


@pytest.mark.parametrize("profile", ["modern", "intermediate"])
def test_old_protocols_are_not_spoken(profile: str) -> None:
    """Nothing before TLS 1.2."""
    context = make_context(CERTIFICATE, KEY, profile=profile)

    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_NONE


def test_clients_may_have_to_show_a_certificate() -> None:
    """With `ssl_peer_certificate`."""
    assert make_context(CERTIFICATE, KEY, CERTIFICATE).verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize("what", ["missing", "wrong", "peer"])
def test_files_that_cannot_be_used_are_named(tmp_path: Path, what: str) -> None:
    """Missing, swapped, or no certificate at all."""
    bad = tmp_path / "bad.pem"
    if what != "missing":
        shutil.copy(KEY, bad)
    with pytest.raises(ConfigError, match="bad.pem"):
        if what == "peer":
            make_context(CERTIFICATE, KEY, bad)
        else:
            make_context(bad, KEY)
