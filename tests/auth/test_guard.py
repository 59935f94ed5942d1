"""Lasting bans: when they come, that they are kept, and how an address is let in again."""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import pytest
import structlog
import yaml

from marge import log as marge_log
from marge.actors import SimulatedClock
from marge.auth import guard as guard_module
from marge.auth.guard import BANS_FILE, LoginGuard
from tests.support.waiting import until

THEM, US = "203.0.113.5", "192.168.1.4"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / BANS_FILE


def written(file: Path) -> dict[str, object]:
    return (yaml.safe_load(file.read_text()) if file.exists() else None) or {}


def test_too_many_failures_of_one_address_ban_it_for_good(file: Path) -> None:
    """Others are not touched, and a new start knows it."""
    told: list[tuple[str, bool]] = []
    guard = LoginGuard(SimulatedClock(), 3, file, lambda remote, banned: told.append((remote, banned)))
    assert [guard.login_failed(THEM, "ann") for _ in range(3)] == [False, False, True]

    assert guard.is_banned(THEM) and guard.may_not_log_in(THEM) and not guard.is_banned(US)
    assert told == [(THEM, False), (THEM, True)]  # failures in a row are shown once
    until(lambda: THEM in written(file), what="the ban is written down")
    assert LoginGuard(SimulatedClock(), 3, file).is_banned(THEM)


def test_without_a_threshold_nobody_is_banned(file: Path) -> None:
    """HA's default: failures are told, and the short lock of log-ins does the rest."""
    guard = LoginGuard(SimulatedClock(), -1, file)
    for _ in range(50):
        guard.request_refused(THEM, "/api/states")

    assert not guard.has_bans and not guard.may_not_log_in(THEM)


def test_a_success_forgets_the_failures_before_it(file: Path) -> None:
    """People mistype."""
    guard = LoginGuard(SimulatedClock(), 3, file)
    for _ in range(4):
        guard.login_failed(THEM, "ann")
        guard.login_failed(THEM, "ann")
        guard.succeeded(THEM)

    assert not guard.has_bans


def test_the_file_may_be_edited_while_the_home_runs(file: Path) -> None:
    """Who is taken out comes again, who is put in stays out; a broken file changes nothing."""
    file.write_text(f'# neighbours\n{THEM}:\n  banned_at: "2026-01-01T00:00:00"\nnonsense:\n  banned_at: x\n')
    guard = LoginGuard(SimulatedClock(), 3, file)
    assert guard.bans() == {THEM: "2026-01-01T00:00:00"}
    file.write_text("{ broken")
    guard.look()
    assert guard.is_banned(THEM)
    file.write_text("2001:db8::7:\n  banned_at: now\n")
    guard.look()

    assert not guard.is_banned(THEM) and guard.is_banned("2001:db8::7")
    file.unlink()
    guard.look()
    assert not guard.has_bans


def test_what_was_in_the_file_stays_when_a_ban_is_added(file: Path) -> None:
    """With its comments."""
    file.write_text("# neighbours\n")
    guard = LoginGuard(SimulatedClock(), 1, file)
    guard.login_failed("2001:db8::1", "ann")
    until(lambda: "2001:db8::1" in written(file), what="the ban is written down")

    assert file.read_text().startswith("# neighbours\n")


def test_a_failure_is_a_line_for_fail2ban_without_the_password() -> None:
    """Name and address; the name cut off."""
    with structlog.testing.capture_logs() as lines:
        LoginGuard(SimulatedClock()).login_failed(THEM, "a" * 500)

    assert lines == [
        {"event": "login failed", "log_level": "warning", "remote": THEM, "username": "a" * 100, "banned": False}
    ]


def test_a_ban_that_cannot_be_written_holds_all_the_same(tmp_path: Path) -> None:
    """Until the end of this run."""
    guard = LoginGuard(SimulatedClock(), 1, tmp_path / "missing" / BANS_FILE)
    with structlog.testing.capture_logs() as lines:
        guard.login_failed(THEM, "ann")
        until(lambda: any("could not be written" in line["event"] for line in lines), what="it is said")

    assert guard.is_banned(THEM)


FORGED = 'x remote=192.0.2.66 banned=False "event":"login failed" [marge.auth] banned=True remote=192.0.2.66 '


@pytest.mark.parametrize("kind", ["text", "json"])
def test_fail2ban_finds_the_true_address_in_the_log(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the expressions of the documentation, whatever a client calls itself or asks for."""
    page = (Path(__file__).parents[2] / "docs" / "security.md").read_text()
    text, json = re.findall(r"^(?:failregex =| {11}) (.+)$", page, re.MULTILINE)
    expression = re.compile({"text": text, "json": json}[kind].replace("<HOST>", r"(?P<host>[0-9a-fA-F:.]+)"))
    before = structlog.get_config()
    stream = io.StringIO()
    monkeypatch.setattr(guard_module, "log", structlog.get_logger("marge.auth"))  # one that remembers no configuration
    try:
        marge_log.configure("info", kind, stream=stream)
        guard = LoginGuard(SimulatedClock())
        guard.login_failed(THEM, FORGED)
        guard.request_refused("2001:db8::7", FORGED)
    finally:
        marge_log.configure("info", "json")
        structlog.configure(**before)
        root = logging.getLogger()
        for handler in [each for each in root.handlers if isinstance(each, marge_log.StandardLibraryHandler)]:
            root.removeHandler(handler)
        root.setLevel(logging.WARNING)
    found = [expression.search(line) for line in stream.getvalue().splitlines()]

    assert [match and match["host"] for match in found] == [THEM, "2001:db8::7"]
