"""HTTP to a device: one try, time-outs, a bounded reply, no proxies, no redirects, nothing unpacked.

What a device sends is data; nothing of it is repeated in errors. For pinned actors and requests' greenlets: it waits.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlencode

import gevent

from marge.errors import CredentialsNeeded, Unreachable
from marge.model import dumps, loads
from marge.version import VERSION

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, HTTPConnectionPool

    from marge.bridges.lan.address import Address

CONNECT_S, READ_S, TOTAL_S = 3.0, 4.0, 4.5
"""A device in the same house connects in milliseconds; the slowest ones need two seconds for a long reply."""
MAX_REPLY = 1 << 20
"""Bytes. A Hue bridge with 63 lamps and as many sensors sends 200 kB."""
_PIECE = 16 << 10


class Answer(NamedTuple):
    """A device's reply. `headers`: any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Login(Protocol):
    """How a client shows who it is."""

    def header(self, method: str, path: str) -> str | None:
        """The value of `Authorization`; None: not yet."""

    def challenged(self, challenge: str) -> bool:
        """A request was refused with this `WWW-Authenticate`. Whether it should be sent again, with another header."""


class LanClient:
    """Speaks HTTP with one device, one request at a time, over one connection where the device keeps it.

    Args:
        total_s: for the whole of a request, from the look-up of the name to the last byte.
    """

    def __init__(
        self, address: Address, default_port: int = 80, *, login: Login | None = None, total_s: float = TOTAL_S
    ) -> None:
        self.address = address
        self._where = address.at(default_port)
        self._login = login
        self._total_s = total_s
        self._pool: HTTPConnectionPool | None = None

    def get_json(self, path: str, **query: str | int | float) -> Any:
        """The JSON at `path`.

        Raises:
            Unreachable: no answer, not in time, too long, not 200, or no JSON.
            CredentialsNeeded: 401 or 403.
        """
        return self.json_of(self.request("GET", path, query=query))

    def send_json(self, method: str, path: str, body: Any) -> Any:
        """Send JSON, get JSON. Raises as `get_json`."""
        return self.json_of(self.request(method, path, dumps(body), {"Content-Type": "application/json"}))

    def json_of(self, answer: Answer) -> Any:
        """The JSON in an answer. Raises as `get_json`."""
        if answer.status in (401, 403):
            raise CredentialsNeeded(f"The device at {self.address} wants a log-in, or refuses the one that it got")
        if answer.status != 200:
            raise Unreachable(f"The device at {self.address} answered with the status {answer.status}")
        try:
            return loads(answer.body)
        except ValueError as exc:
            raise Unreachable(f"What answers at {self.address} does not speak as such a device does") from exc

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int | float] | None = None,
    ) -> Answer:
        """One request; any status is an answer. `path`: quoted where need be.

        Raises:
            Unreachable: no answer, not in time, or too long.
        """
        if query:
            path = f"{path}?{urlencode(query)}"
        try:
            with gevent.Timeout(self._total_s, TimeoutError()):
                answer = self._send(method, path, body, headers or {})
                if answer.status == 401 and self._is_challenged(answer):
                    answer = self._send(method, path, body, headers or {})
        except BaseException:
            self.close()  # in the middle of a request it is of no use any more
            raise
        return answer

    def close(self) -> None:
        """Let go of the connection; the next request makes a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _is_challenged(self, answer: Answer) -> bool:
        return self._login is not None and self._login.challenged(answer.headers.get("WWW-Authenticate", ""))

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        from urllib3 import HTTPConnectionPool, Timeout  # late: a home without such devices does without it
        from urllib3.exceptions import HTTPError, NewConnectionError
        from urllib3.exceptions import TimeoutError as TooLate

        if self._pool is None:
            for name in ("connection", "connectionpool"):  # their lines have paths, which may hold a key
                logging.getLogger(f"urllib3.{name}").disabled = True
            host, port = self._where
            self._pool = HTTPConnectionPool(host, port, timeout=Timeout(CONNECT_S, READ_S), maxsize=1, retries=False)
        told = {"User-Agent": f"Marge/{VERSION}", "Accept": "*/*", **headers}
        shown = None if self._login is None else self._login.header(method, path)
        if shown is not None:
            told["Authorization"] = shown
        try:
            reply = self._pool.urlopen(
                method, path, body, told, redirect=False, preload_content=False, decode_content=False
            )
            return Answer(reply.status, reply.headers, self._read(reply))
        except NewConnectionError as exc:  # which counts as a time-out there
            raise Unreachable(f"{self.address} cannot be reached: {_reason(exc)}") from exc
        except (TooLate, TimeoutError) as exc:
            raise Unreachable(f"{self.address} does not answer in time") from exc
        except (HTTPError, OSError, ValueError) as exc:
            raise Unreachable(f"{self.address} cannot be reached: {_reason(exc)}") from exc

    def _read(self, reply: BaseHTTPResponse) -> bytes:
        """The body; then the connection is free for the next request."""
        whole = bytearray()
        for piece in reply.stream(_PIECE, decode_content=False):
            whole += piece
            if len(whole) > MAX_REPLY:
                raise Unreachable(f"What answers at {self.address} sends more than such a device does")
        reply.release_conn()
        return bytes(whole)


def _reason(error: BaseException) -> str:
    """Why, in a few words: the libraries' texts hold addresses of objects, and words of the other side."""
    seen: BaseException | None = error
    for _ in range(5):
        if isinstance(seen, OSError) and seen.strerror:
            return seen.strerror.lower()
        if seen is None:
            break
        inner = next((each for each in seen.args if isinstance(each, BaseException)), None)
        seen = inner or seen.__cause__ or seen.__context__
    return "the connection broke, or what is there does not speak HTTP"
