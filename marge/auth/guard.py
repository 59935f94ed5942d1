"""Keeps guessers out: the short lock after failed log-ins, and HA's lasting bans with their file `ip_bans.yaml`."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import gevent
import structlog
import yaml

from marge.actors import Clock, native
from marge.auth.limiter import ADDRESSES_KEPT, LoginLimiter
from marge.auth.networks import parse_address
from marge.auth.rows import DATABASE_ERRORS

log = structlog.get_logger("marge.auth")

BANS_FILE = "ip_bans.yaml"
MAX_BANS = 100_000
TOLD_EVERY_S = 10.0
"""How often failures are shown to people. Each one is in the log."""

Tell = Callable[[str, bool], None]
"""`(remote, is_banned)`; must not wait."""


class Notifications(Protocol):
    """What of the home's notifications is used here."""

    def create(self, message: str, title: str | None = None, notification_id: str | None = None) -> str:
        """Show a notification. Waits."""


def show_refusal(notifications: Notifications, remote: str, banned: bool) -> None:
    """Tell the people of the home; under the ids that HA uses. Waits."""
    try:
        if banned:
            notifications.create(
                f"Nothing is answered to {remote} any more, after too many failed attempts. Its line in {BANS_FILE} can"
                " be removed to let it in again.", "Address banned", "ip-ban",
            )
        else:
            notifications.create(
                f"Somebody at {remote} tried to get in and was refused. The log says more.", "Log-in failed",
                "http-login",
            )
    except DATABASE_ERRORS as exc:
        log.error("a failed log-in could not be shown", problem=str(exc))


class LoginGuard:
    """Who may try to log in, and who may not even ask.

    Args:
        threshold: failures from one address until it is banned for good; below 1: never.
        bans: where bans are kept; None when banning is off.
        tell: shows a failure to people.
    """

    def __init__(self, clock: Clock, threshold: int = -1, bans: Path | None = None, tell: Tell | None = None) -> None:
        self.limiter = LoginLimiter()
        self.tell = tell
        self._clock = clock
        self._threshold = threshold
        self._file = bans
        self._bans: dict[str, str] = {}
        self._seen: Any = None
        self._failures: OrderedDict[str, int] = OrderedDict()
        self._told_at = float("-inf")
        if bans is not None:
            self._take(_read(bans))

    # -- asking ------------------------------------------------------------------------------------------------------

    @property
    def has_bans(self) -> bool:
        return bool(self._bans)

    def is_banned(self, remote: str) -> bool:
        """Whether nothing at all is answered to this address."""
        return remote in self._bans

    def may_not_log_in(self, remote: str) -> bool:
        """Whether log-ins from this address are refused unseen."""
        return remote in self._bans or self.limiter.is_banned(remote, self._clock.now())

    def locked_for(self, remote: str) -> float | None:
        """In how many seconds this address may try again; None: now, or not before its ban is lifted."""
        return None if remote in self._bans else self.limiter.banned_for(remote, self._clock.now())

    def bans(self) -> dict[str, str]:
        """Banned addresses and since when (ISO 8601)."""
        return dict(self._bans)

    # -- noting ------------------------------------------------------------------------------------------------------

    def login_failed(self, remote: str, username: str) -> bool:
        """A wrong password or code. True when the address may not try again for now."""
        locked = self.limiter.failed(remote, self._clock.now())
        banned = self._count(remote)
        # docs/security.md has the expressions for fail2ban; what clients choose must stand behind `remote`
        log.warning("login failed", remote=remote, username=username[:100], banned=locked or banned)
        self._show(remote, banned)
        return locked or banned

    def request_refused(self, remote: str, where: str) -> None:
        """A token that is not good. Counts towards a ban, as in HA; not towards the short lock of log-ins."""
        banned = self._count(remote)
        log.warning("request refused: invalid token", remote=remote, where=where[:200], banned=banned)
        self._show(remote, banned)

    def succeeded(self, remote: str) -> None:
        self.limiter.succeeded(remote)
        self._failures.pop(remote, None)

    def _count(self, remote: str) -> bool:
        if self._file is None or self._threshold < 1 or remote in self._bans or parse_address(remote) is None:
            return False
        count = self._failures.pop(remote, 0) + 1
        if count < self._threshold:
            self._failures[remote] = count
            if len(self._failures) > ADDRESSES_KEPT:
                self._failures.popitem(last=False)
            return False
        since = datetime.fromtimestamp(self._clock.now(), UTC).isoformat()
        self._bans[remote] = since
        log.warning("address banned after failed log-ins", remote=remote, file=str(self._file))
        gevent.spawn(self._write, remote, since)
        return True

    def _write(self, remote: str, since: str) -> None:
        assert self._file is not None
        try:
            self._seen = native.run(_append, self._file, remote, since)
            self._bans[remote] = since  # the file may have been read meanwhile
        except OSError as exc:
            log.error("a ban could not be written down and ends with this run", remote=remote, problem=str(exc))

    def _show(self, remote: str, banned: bool) -> None:
        now = self._clock.monotonic()
        if self.tell is None or (not banned and now - self._told_at < TOLD_EVERY_S):
            return
        self._told_at = now
        self.tell(remote, banned)

    # -- the file ----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read the file again when somebody edited it: who is taken out of it may come again. Waits."""
        if self._file is None:
            return
        stamp = native.run(_stamp, self._file)
        if stamp != self._seen:
            self._take(native.run(_read, self._file))

    def _take(self, found: tuple[Any, dict[str, str] | None]) -> None:
        self._seen, bans = found
        if bans is not None:
            self._bans = bans


def _stamp(path: Path) -> Any:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _read(path: Path) -> tuple[Any, dict[str, str] | None]:
    """The file's stamp and its bans; None for them when it cannot be read. Blocks."""
    stamp = _stamp(path)
    if stamp is None:
        return None, {}
    try:
        data = yaml.safe_load(path.read_text("utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as exc:
        log.error("the file of banned addresses cannot be read; the bans known so far hold", problem=str(exc)[:200])
        return stamp, None
    bans: dict[str, str] = {}
    for text, item in data.items() if isinstance(data, dict) else ():
        address = parse_address(str(text))
        if address is None or len(bans) >= MAX_BANS:
            log.warning("a banned address is left out", address=str(text)[:60])
            continue
        since = item.get("banned_at") if isinstance(item, dict) else None
        bans[str(address)] = str(since or "")
    return stamp, bans


def _append(path: Path, remote: str, since: str) -> Any:
    """Add a ban at the end, as HA does, so that comments and edits stay. Blocks."""
    # an IPv6 address is no plain scalar when it ends in a colon
    with path.open("a", encoding="utf-8") as file:
        file.write(f'\n"{remote}":\n  banned_at: "{since}"\n')
    return _stamp(path)
