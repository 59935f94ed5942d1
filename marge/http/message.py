"""What a handler gets and gives: `Request` and `Reply`, and short ways to make replies.

Not here: sockets, parsing of the wire, Flask, authentication.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from marge.errors import InvalidRequest
from marge.model import dumps_anyhow, loads, nests_too_deep

if TYPE_CHECKING:
    from marge.auth import User
    from marge.http.spool import Spool

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
MAX_QUERY_FIELDS = 1_000  # no client of ours sends more than a few dozen; parse_qsl builds a list of them

NO_ARGS: Mapping[str, str] = MappingProxyType({})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Headers(dict[str, str]):
    """Request headers. Keys are stored in lower case; `get` and `[]` take any case.

    A header that came several times is one value, joined with ", " (RFC 9110 section 5.3).
    """

    __slots__ = ()

    def add(self, name: str, value: str) -> None:
        """Add one header line. `name` is in lower case already."""
        if name in self:
            value = f"{dict.__getitem__(self, name)}{'; ' if name == 'cookie' else ', '}{value}"
        dict.__setitem__(self, name, value)

    def get(self, name: str, default: Any = None) -> Any:
        return dict.get(self, name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return dict.__getitem__(self, name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and dict.__contains__(self, name.lower())


class Request:
    """One HTTP request, complete with its body. Made by the server, read by handlers.

    Attributes:
        method: upper case.
        path: percent-decoded, without the query.
        args: the named parts of the route's path, percent-decoded.
        query: query arguments; of a repeated one the first. `query_all` has the others.
        query_string: as it came, without "?".
        headers: see `Headers`.
        body: whole; b"" when there is none. Already within the server's limit.
        user: who asks; None on open routes when nobody logged in.
        remote: IP address of the other end of the connection.
        is_secure: whether it came over TLS.
        spool: a body larger than the limit, on routes that take one; `body` is empty then. Removed after the reply.
        is_admitted: whether the gate has seen it, so that `remote` is the true one.
    """

    __slots__ = (
        "method",
        "path",
        "query_string",
        "headers",
        "body",
        "remote",
        "is_secure",
        "args",
        "user",
        "is_admitted",
        "spool",
        "_query",
    )

    def __init__(
        self,
        method: str,
        path: str,
        *,
        query_string: str = "",
        headers: Headers | None = None,
        body: bytes = b"",
        remote: str = "",
        is_secure: bool = False,
        args: Mapping[str, str] = NO_ARGS,
        user: User | None = None,
    ) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers = Headers() if headers is None else headers
        self.body = body
        self.remote = remote
        self.is_secure = is_secure
        self.args = args
        self.user = user
        self.is_admitted = False
        self.spool: Spool | None = None
        self._query: list[tuple[str, str]] | None = None

    @property
    def query(self) -> dict[str, str]:
        """Query arguments, parsed when first asked for.

        Raises:
            InvalidRequest: more than `MAX_QUERY_FIELDS` fields.
        """
        first: dict[str, str] = {}
        for key, value in self._query_fields():
            first.setdefault(key, value)
        return first

    def query_all(self, name: str) -> list[str]:
        """Every value of the query argument `name`, in order."""
        return [value for key, value in self._query_fields() if key == name]

    def _query_fields(self) -> list[tuple[str, str]]:
        if self._query is None:
            if not self.query_string:
                self._query = []
            else:
                try:
                    self._query = parse_qsl(
                        self.query_string, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS
                    )
                except ValueError as exc:
                    raise InvalidRequest("Too many query fields") from exc
        return self._query

    def json(self, error: str = "Invalid JSON specified.") -> Any:
        """The body as JSON, whatever its content type says.

        Raises:
            InvalidRequest: no body, or not JSON; its text is `error`, so the reply is HA's 400 with that message.
        """
        try:
            value = loads(self.body)
        except ValueError as exc:
            raise InvalidRequest(error) from exc
        if nests_too_deep(self.body, value):
            raise InvalidRequest(error) from ValueError("nested too deeply")
        return value

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path}>"


class Reply(NamedTuple):
    """What a handler answers. Content-Length, Date and the security headers are added on the way out.

    A reply with `stream` has no length: its items are sent as they come, and `body` is left empty. The iterator's
    `close` is called when the client has gone.
    """

    status: int = 200
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = NO_HEADERS
    stream: Iterable[bytes] | None = None


def json_reply(obj: Any, status: int = 200, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """`obj` as JSON. `State`, `Event`, `Context`, sets and datetimes are known to the encoder."""
    return Reply(status, dumps_anyhow(obj), JSON, headers)


def json_bytes_reply(body: bytes, status: int = 200, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """JSON that is made already, such as `State.json`."""
    return Reply(status, body, JSON, headers)


def text_reply(text: str, status: int = 200, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """Plain text in UTF-8."""
    return Reply(status, text.encode("utf-8", "replace"), TEXT, headers)


def message_reply(message: str, status: int = 200) -> Reply:
    """HA's `{"message": …}`."""
    return json_reply({"message": message}, status)


def status_reply(status: int, headers: Mapping[str, str] = NO_HEADERS) -> Reply:
    """The bare text a status gets in HA: `401: Unauthorized`."""
    return text_reply(f"{status}: {HTTPStatus(status).phrase}", status, headers)
