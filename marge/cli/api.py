"""A small client of Marge's REST API for the commands. Not here: what the answers mean."""

from __future__ import annotations

import http.client
import os
import ssl
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import orjson

from marge.config import HomeConfig, load_home
from marge.errors import ConfigError, InvalidRequest, NotFound, Unauthorized, Unavailable

TIMEOUT_S = 10.0
MAX_ANSWER_BYTES = 64 * 1024 * 1024


class Api:
    """Calls one server with one token. `trust`: for https, whom to believe; None: the system's authorities."""

    def __init__(self, url: str, token: str | None, trust: ssl.SSLContext | None = None) -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._trust = trust

    def get(self, path: str) -> Any:
        return self._call("GET", path)

    def post(self, path: str, body: object = None) -> Any:
        return self._call("POST", path, orjson.dumps({} if body is None else body))

    def _call(self, method: str, path: str, body: bytes | None = None) -> Any:
        """The parsed answer; `None` for an empty one.

        Raises:
            Unavailable: nobody answers there, or not in time, or with a failure of its own.
            Unauthorized, NotFound, InvalidRequest: the server said so.
        """
        request = Request(self.url + path, data=body, method=method)  # noqa: S310 - the user names the address
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        if body is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urlopen(request, timeout=TIMEOUT_S, context=self._trust) as reply:  # noqa: S310
                answer = reply.read(MAX_ANSWER_BYTES)
        except HTTPError as error:
            raise self._refusal(error, path) from error
        except (URLError, OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Unavailable(f"{self.url} does not answer: {reason}") from error
        try:
            return orjson.loads(answer) if answer.strip() else None
        except orjson.JSONDecodeError as error:
            raise Unavailable(f"{self.url} does not answer like Marge: no JSON") from error

    def _refusal(self, error: HTTPError, path: str) -> Exception:
        text = error.read(2000).decode("utf-8", "replace").strip()
        try:
            parsed = orjson.loads(text)
            message = str(parsed.get("message", text)) if isinstance(parsed, dict) else text
        except orjson.JSONDecodeError:
            message = text
        if error.code in (401, 403):
            return Unauthorized(f"{self.url} wants a token: --token, MARGE_TOKEN, or --config of a home here")
        if error.code == 404:
            return NotFound(message or f"{path} does not exist there")
        if error.code < 500:
            return InvalidRequest(message or f"status {error.code}")
        return Unavailable(f"{self.url} failed with status {error.code}: {message}")


def actor_path(path: str) -> str:
    """`/bridges/mqtt` or `bridges/mqtt` as the path of its REST resource."""
    return "/api/actors/" + quote(path.strip("/"), safe="/")


def connect(url: str | None, token: str | None, config_dir: Path | None) -> Api:
    """The server that was asked for, else the one that serves the home in `config_dir`, with a token for it."""
    home = load_home(config_dir, os.environ) if config_dir is not None and config_dir.is_dir() else None
    if token is None and home is not None:
        from marge.cli.tokens import local_token

        token = local_token(home)
    return Api(url, token) if url else Api(_url_of(home), token, _trust_in(home))


def _trust_in(home: HomeConfig | None) -> ssl.SSLContext | None:
    """For the home's own server: its very certificate, whatever names and authorities stand in it.

    Raises:
        ConfigError: the certificate cannot be read.
    """
    certificate = home.marge.ssl_certificate if home is not None else None
    if certificate is None:
        return None
    try:
        context = ssl.create_default_context(cafile=str(certificate))
    except OSError as error:
        raise ConfigError(f"the certificate {certificate} cannot be read: {error.strerror or error}") from error
    context.check_hostname = False  # it is asked for by address
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _url_of(home: HomeConfig | None) -> str:
    if home is None:
        return "http://127.0.0.1:8123"
    host = home.marge.http_host
    if host in ("0.0.0.0", "", "::"):
        host = "127.0.0.1" if host != "::" else "::1"
    scheme = "http" if home.marge.ssl_certificate is None else "https"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{home.marge.http_port}"
