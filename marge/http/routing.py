"""Which function answers which method and path: the `route` decorator, finding the routes, and the hot table.

A resource is a module under `marge/http/rest/` with decorated functions; adding one is adding a file.
Not here: what happens with a matched route (`dispatch.py`), Flask (`flask_lane.py`).
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from marge.http.message import NO_ARGS, Reply, Request
from marge.http.shapes import NO_QUERIES, NO_REPLIES, Queries, Replies
from marge.util.parts import Report, load_part

if TYPE_CHECKING:
    from marge.home import Home
    from marge.http.websocket import WebSocket

Access = Literal["user", "admin", "open"]
WhyNot = Callable[["Home", Request], "int | None"]
"""The status with which a request is refused; None: it is not."""
Handler = Callable[["Home", Request], Reply]
WebSocketHandler = Callable[["Home", "WebSocket", Request], None]
_F = TypeVar("_F", bound=Callable[..., Any])

_MARK = "__marge_routes__"
_ARGUMENT = re.compile(r"<(path:)?([a-z_][a-z0-9_]*)>")
_LITERAL = re.compile(r"[^<>/]*")


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path.

    Attributes:
        method: "GET", …; "WEBSOCKET" for a WebSocket route.
        path: "/api/states/<entity_id>"; the last part may be "<path:rest>", which takes slashes too.
        handler: plain function; see `route` and `websocket_route`.
        hot: also in the table that is looked at before Flask.
        access: "user" wants a log-in, "admin" an administrator's, "open" takes anybody.
        cors: other origins may be allowed to use it, so OPTIONS is answered.
        large: its body may be larger than others'; such a one comes as `request.spool`. See `route`.
        body, query, replies: for the description of the API; see `route`.
    """

    method: str
    path: str
    handler: Callable[..., Any]
    hot: bool = False
    access: Access = "user"
    cors: bool = True
    large: bool | WhyNot = False
    body: Any = None
    query: Queries = field(default_factory=dict)
    replies: Replies = field(default_factory=dict)

    @property
    def is_websocket(self) -> bool:
        return self.method == WEBSOCKET


WEBSOCKET = "WEBSOCKET"


def route(
    method: str,
    path: str,
    *,
    hot: bool = False,
    access: Access = "user",
    cors: bool = True,
    large: bool | WhyNot = False,
    body: Any = None,
    query: Queries = NO_QUERIES,
    replies: Replies = NO_REPLIES,
) -> Callable[[_F], _F]:
    """Let a function `(home, request) -> Reply` answer `method` on `path`. May be stacked.

    The function runs in the request's own greenlet, so it may wait. What it raises becomes a reply in `errors.py`.

    Args:
        hot: for the few routes that clients hammer. Only paths whose arguments stand at the end, at most two of them.
        large: for the few that take files of any size. Only paths without arguments. An open one gives a function that
            looks at the head and says why such a body is not taken now; it must not wait.
        body: the voluptuous schema that the function validates the JSON body with, or a `shapes.Body`. This, `query`
            and `replies` are told in `/api/openapi.json`, with the function's docstring; they check nothing.
        query: the query arguments by name: a text, or a `shapes.Query`.
        replies: by status: a text, or a `shapes.Answer`. Refusals that every route has need not be named.
    """
    found = Route(method.upper(), path, _unset, hot, access, cors, large, body, query, replies)
    if large and ("<" in path or (access == "open") is not callable(large)):
        raise ValueError(f"{method} {path} cannot take large bodies: it has to be known by then who may send them")
    _segments(path)
    if hot and _hot_key(path) is None:
        raise ValueError(f"{method} {path} cannot be hot: at most two arguments, all of them at the end")
    return _marker(found)


def websocket_route(path: str) -> Callable[[_F], _F]:
    """Let a function `(home, websocket, request) -> None` serve the WebSocket connections made to `path`.

    It runs in the connection's own greenlet; when it returns, the connection is closed with code 1000. Log-in is the
    function's own matter, since HA's clients send their token as the first message.
    """
    _segments(path)
    return _marker(Route(WEBSOCKET, path, _unset, False, "open", True))


def _unset(*_args: Any) -> Reply:
    raise AssertionError("a route without its function")


def _marker(found: Route) -> Callable[[_F], _F]:
    def mark(function: _F) -> _F:
        routes = getattr(function, _MARK, ())
        complete = replace(found, handler=function)
        setattr(function, _MARK, (complete, *routes))
        return function

    return mark


def routes_of(*functions: Callable[..., Any]) -> list[Route]:
    """The routes that were put on `functions`."""
    return [found for function in functions for found in getattr(function, _MARK, ())]


def collect(*packages: ModuleType, report: Report | None = None) -> list[Route]:
    """All routes in the modules of `packages`, in order of module name and definition. `report` hears of modules that
    cannot be imported.

    Raises:
        ValueError: two functions for the same method and path.
    """
    routes: list[Route] = []
    for package in packages:
        # A folder that cannot be imported is met again below, and reported there.
        found = pkgutil.walk_packages(package.__path__, package.__name__ + ".", onerror=lambda _name: None)
        modules = [load_part(name, report) for name in sorted(info.name for info in found)]
        for module in filter(None, (package, *modules)):
            routes += _routes_in(module)
    check_unique(routes)
    return routes


def _routes_in(module: ModuleType) -> list[Route]:
    own = [item for item in vars(module).values() if getattr(item, "__module__", None) == module.__name__]
    return routes_of(*own)


def check_unique(routes: Iterable[Route]) -> None:
    """Raise ValueError when a method and path stand twice in `routes`, whatever their arguments are called."""
    seen: dict[tuple[str, str], Route] = {}
    for item in routes:
        key = (item.method, _ARGUMENT.sub("<>", item.path))
        if key in seen:
            other = seen[key].handler
            raise ValueError(f"{item.method} {item.path} is taken by {other.__module__}.{other.__qualname__}")
        seen[key] = item


def _segments(path: str) -> list[str]:
    """The parts of a route's path.

    Raises:
        ValueError: no leading slash, or a part that is neither literal nor an argument.
    """
    if not path.startswith("/"):
        raise ValueError(f"route {path!r} does not start with a slash")
    parts = path[1:].split("/")
    for index, part in enumerate(parts):
        match = _ARGUMENT.fullmatch(part)
        if match is None and not _LITERAL.fullmatch(part):
            raise ValueError(f"route {path!r}: {part!r} is neither a literal nor an argument")
        if match is not None and match[1] and index != len(parts) - 1:
            raise ValueError(f"route {path!r}: only the last part may take slashes")
    return parts


def _hot_key(path: str) -> tuple[str, tuple[str, ...]] | None:
    """Literal prefix and names of the arguments at the end, or None when the hot table cannot hold this path."""
    parts = _segments(path)
    names: list[str] = []
    while parts and (match := _ARGUMENT.fullmatch(parts[-1])):
        if match[1]:
            return None
        names.insert(0, match[2])
        parts.pop()
    if len(names) > 2 or any(_ARGUMENT.fullmatch(part) for part in parts):
        return None
    return "/" + "/".join(parts) if parts else "", tuple(names)


@dataclass(slots=True)
class _Methods:
    """The hot table of one method. None stands for a route that exists but is not hot: Flask answers it."""

    exact: dict[str, Route | None]
    one: dict[str, tuple[Route | None, str]]
    two: dict[str, tuple[Route | None, str, str]]


class HotTable:
    """Finds hot routes with two or three dictionary look-ups (about 0.4 µs; `loadtests/bench_http.py`).

    It never decides that a path does not exist: what it does not know goes to the Flask lane.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        """Args: routes: all of them, since one that is not hot may be more specific than a hot one.

        Raises:
            ValueError: a route that is not hot overlaps a hot one in a way this table cannot tell apart.
        """
        self._methods: dict[str, _Methods] = {}
        odd: list[Route] = []
        for item in routes:
            key = _hot_key(item.path)
            if key is None:
                odd.append(item)
                continue
            prefix, names = key
            table = self._methods.setdefault(item.method, _Methods({}, {}, {}))
            target = item if item.hot else None
            if not names:
                table.exact[prefix] = target
            elif len(names) == 1:
                table.one[prefix] = (target, names[0])
            else:
                table.two[prefix] = (target, names[0], names[1])
        self._refuse_overlaps(odd)

    def _refuse_overlaps(self, odd: list[Route]) -> None:
        """An argument before a literal ("/a/<x>/b") is more specific than "/a/<x>/<y>" and not in the table."""
        for item in odd:
            parts = _segments(item.path)
            if item.path.endswith(">") and "<path:" in item.path:
                continue  # takes what nothing else took, in werkzeug too
            for prefix in self._methods.get(item.method, _Methods({}, {}, {})).two:
                lead = prefix[1:].split("/") if prefix else []
                same = len(lead) + 2 == len(parts) and all(
                    a == b or b.startswith("<") for a, b in zip(lead, parts, strict=False)
                )
                if same and self._methods[item.method].two[prefix][0] is not None:
                    raise ValueError(f"{item.method} {item.path} overlaps the hot {prefix}/<…>/<…>")

    def match(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """The hot route for a percent-decoded path and its arguments, or None."""
        table = self._methods.get(method)
        if table is None:
            return None
        exact = table.exact
        if path in exact:
            found = exact[path]
            return None if found is None else (found, NO_ARGS)
        head, _, last = path.rpartition("/")
        if not last:
            return None
        one = table.one.get(head)
        if one is not None:
            return None if one[0] is None else (one[0], {one[1]: last})
        head, _, middle = head.rpartition("/")
        if middle:
            two = table.two.get(head)
            if two is not None and two[0] is not None:
                return two[0], {two[1]: middle, two[2]: last}
        return None
