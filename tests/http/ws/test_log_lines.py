"""`marge/logs/subscribe`: lines come as they are logged, without secrets, to administrators alone, a flood bounded."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from marge import log
from marge.http.ws.commands.log_lines import MAX_CHARACTERS, MAX_WAITING, _as_fits
from marge.log_ring import RecentProblems, ring_in_use
from tests.support.home import HomeServer, WebSocketClient, home_server
from tests.support.logs import logging_put_back
from tests.support.waiting import until


@pytest.fixture(scope="module")
def server() -> Iterator[HomeServer]:
    """A home that logs as the product does, and not to anybody's terminal."""
    with logging_put_back():
        log.configure("info", "json", stream=io.StringIO(), cache=False)
        with home_server("demo:", bridges=("demo",)) as running:
            yield running


def follow(client: WebSocketClient, **wish: Any) -> dict[str, Any]:
    """Begin; what is kept."""
    reply = client.command("marge/logs/subscribe", **wish)
    assert reply["success"], reply
    event: dict[str, Any] = client.receive()["event"]
    assert event["is_kept"]
    return event


def lines_until(client: WebSocketClient, found: Callable[[list[str]], bool]) -> tuple[list[str], int]:
    """The lines that came until `found`, and how many were left out."""
    lines: list[str] = []
    skipped = 0
    while not found(lines):
        event = client.receive()["event"]
        assert not event["is_kept"]
        lines += event["lines"]
        skipped += event["skipped"]
    return lines, skipped


def test_kept_problems_come_first_then_each_line(server: HomeServer) -> None:
    """Also lines that are not kept, once each; what looks like a secret is hidden."""
    logger = structlog.get_logger("marge.tests.lines")
    logger.warning("before anybody looks")
    with server.websocket() as client:
        kept = follow(client)
        assert any("before anybody looks" in line for line in kept["lines"])
        logger.debug("too little for its logger")
        logger.info("only while one looks", token="abcdef0123456789")
        logger.warning("the last one")
        lines, skipped = lines_until(client, lambda lines: any("the last one" in line for line in lines))
        mine = [line.split("] ")[1] for line in lines if "[marge.tests.lines]" in line]
        assert mine == ["only while one looks token=<redacted>", "the last one"]
        assert skipped == 0
    with server.websocket() as client:
        assert "only while" not in "".join(follow(client)["lines"])


def test_a_level_and_a_bridge_can_be_wished(server: HomeServer) -> None:
    """Others' lines do not come; a bridge that is not there is said so."""
    logger = structlog.get_logger("marge.bridges.demo")
    with server.websocket() as client:
        assert follow(client, level="error", bridge="demo").keys() >= {"lines", "program", "dropped_lines"}
        logger.warning("too little")
        structlog.get_logger("marge.bridges.other").error("not of the demo")
        logger.error("of the demo")
        lines, _skipped = lines_until(client, bool)
        assert [line.split("] ")[1] for line in lines] == ["of the demo"]
        assert client.command("marge/logs/subscribe", bridge="nothing")["error"]["code"] == "not_found"
        assert client.command("marge/logs/subscribe", level="loud")["error"]["code"] == "invalid_format"


def test_a_flood_is_bounded_and_counted(server: HomeServer) -> None:
    """The newest lines come; how many do not is told."""
    logger = structlog.get_logger("marge.tests.flood")
    with server.websocket() as client:
        follow(client)
        for number in range(MAX_WAITING * 3):
            logger.warning("flood", number=number)
        last = f"number={MAX_WAITING * 3 - 1}"
        lines, skipped = lines_until(client, lambda lines: bool(lines) and lines[-1].endswith(last))
        flood = [line for line in lines if "[marge.tests.flood]" in line]
        assert len(flood) < MAX_WAITING * 3
        assert skipped >= MAX_WAITING * 3 - len(flood)


def test_one_message_is_no_larger_than_its_bound() -> None:
    """Long lines: the newest that fit."""
    lines = [f"{number}" + "x" * (MAX_CHARACTERS // 4) for number in range(8)]
    shown, skipped = _as_fits(lines)
    assert (shown, skipped) == (lines[-3:], 5)
    assert _as_fits([]) == ([], 0)


def test_nobody_else_may_look_and_nothing_stays_behind(server: HomeServer) -> None:
    """A user is refused; a client that is gone is told nothing any more."""
    with server.websocket(server.user_token) as client:
        assert client.command("marge/logs/subscribe")["error"]["code"] == "unauthorized"
    ring = ring_in_use()
    assert isinstance(ring, RecentProblems)
    with server.websocket() as client:
        follow(client)
        assert ring._followers
    until(lambda: not ring._followers, what="the follower leaves")
