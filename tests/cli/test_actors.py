"""`marge actors` against a real actor system behind a small HTTP server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import orjson
import pytest
from gevent.pywsgi import WSGIServer

from marge.actors import Actor, ActorSystem, ChildSpec, Supervisor
from marge.actors.inspect import figures, inspect, tree
from marge.cli import actor_view, run
from marge.cli.exit_codes import CANNOT_START, OK
from marge.errors import NotFound

TOKEN = "right"


class Quiet(Actor):
    """Does nothing."""


def listing(system: ActorSystem, query: dict[str, str]) -> bytes:
    """As the REST resource: nested from `path`, or flat when `sort` is given."""
    if "sort" in query:
        return orjson.dumps([figures(system, path) for path in system.paths()][: int(query["limit"])])
    return orjson.dumps(tree(system, query["path"], int(query["depth"]), int(query["limit"])))


@pytest.fixture
def server() -> Iterator[str]:
    """An actor system's figures under the paths of the REST API, for one token."""
    system = ActorSystem()
    system.spawn(ChildSpec("entities", Supervisor))
    for number in range(40):
        system.spawn(ChildSpec(f"light.l{number}", Quiet), parent="/entities")
    system.settle()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        status, body = "200 OK", b""
        path = environ["PATH_INFO"]
        if environ.get("HTTP_AUTHORIZATION") != f"Bearer {TOKEN}":
            status = "401 Unauthorized"
        elif path.endswith("/restart"):
            body = orjson.dumps({"result": system.restart(path.removeprefix("/api/actors").removesuffix("/restart"))})
        else:
            try:
                if path == "/api/actors":
                    body = listing(system, dict(parse_qsl(environ["QUERY_STRING"])))
                else:
                    body = orjson.dumps(inspect(system, path.removeprefix("/api/actors")))
            except NotFound as error:
                status, body = "404 Not Found", orjson.dumps({"message": str(error)})
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    server = WSGIServer(("127.0.0.1", 0), answer, log=None)
    server.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.stop()
    system.shutdown()


def call(url: str, *arguments: str) -> int:
    return run(["actors", "--url", url, "--token", TOKEN, *arguments])


def test_tree_sums_up_many_siblings(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--all` shows them."""
    assert call(server, "tree") == OK
    out = capsys.readouterr().out
    assert "entities" in out and "and 10 more" in out and "light.l0" in out
    assert call(server, "tree", "--all") == OK
    assert "light.l39" in capsys.readouterr().out


def test_tree_below_a_path(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With or without the leading slash; an unknown one is exit code 1."""
    assert call(server, "tree", "entities") == OK
    assert "clock" not in capsys.readouterr().out
    assert call(server, "tree", "/nowhere") == CANNOT_START


def test_options_stand_before_or_after_the_command(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And in both places they beat the environment."""
    assert run(["actors", "tree", "--url", server, "--token", TOKEN]) == OK
    monkeypatch.setenv("MARGE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("MARGE_TOKEN", "wrong")
    assert call(server, "tree") == OK
    assert run(["actors", "tree", "--url", server, "--token", TOKEN]) == OK
    assert run(["actors", "tree"]) == CANNOT_START
    assert "127.0.0.1:9" in capsys.readouterr().err


def test_top_prints_one_table_without_a_terminal(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For scripts."""
    assert call(server, "top", "--rows", "3", "--sort", "messages") == OK
    out = capsys.readouterr().out
    assert "actors by messages" in out


def test_inspect_and_restart(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One actor as JSON; a restart says so; an unknown path is exit code 1."""
    assert call(server, "inspect", "/entities/light.l1") == OK
    assert orjson.loads(capsys.readouterr().out)["path"] == "/entities/light.l1"
    assert call(server, "restart", "entities/light.l1") == OK
    assert "/entities/light.l1 restarted." in capsys.readouterr().out
    assert call(server, "inspect", "nowhere") == CANNOT_START
    assert "nowhere" in capsys.readouterr().err


def test_a_wrong_token_says_how_to_give_one(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And is exit code 1."""
    assert run(["actors", "--url", server, "--token", "wrong", "tree"]) == CANNOT_START
    assert "--token" in capsys.readouterr().err


def test_trouble_is_shown_first_and_never_summed_up() -> None:
    """Among many siblings the failed one is what an operator looks for."""
    children: list[dict[str, object]] = [{"path": f"/e/{n}", "status": "running"} for n in range(50)]
    children.append({"path": "/e/bad", "status": "failed", "last_failure": {"error": "ValueError: x [y]"}})

    view = actor_view.tree({"path": "/e", "status": "running", "children": children, "child_count": 51}, limit=3)

    labels = [str(child.label) for child in view.children]
    assert labels[0].startswith("bad") and "ValueError: x" in labels[0]
    assert len(labels) == 4 and "48 more" in labels[-1]


def test_top_shows_rates_between_two_looks() -> None:
    """Sorted by what happened since the last look, not since the start."""
    long_ago = {"path": "/a", "processed": 1000, "busy_ms": 500}
    before: dict[str, actor_view.Node] = {"/a": long_ago, "/b": {"path": "/b", "processed": 0}}
    now: dict[str, actor_view.Node] = {"/a": long_ago, "/b": {"path": "/b", "processed": 40, "busy_ms": 8}}

    table = actor_view.top(now, before, 2.0, "messages", 5)
    assert list(table.columns[0].cells) == ["/b", "/a"]
    assert list(table.columns[2].cells) == ["20", "0"]
