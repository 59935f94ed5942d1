"""Who did what to the running system, when, and what came of it: kept in the home's database, bounded."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import structlog

from marge.errors import MargeError
from marge.util.ulid import ulid

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.console")

PREFIX = "console_audit/"
MAX_ENTRIES = 1_000
MAX_TEXT = 500


class Audit:
    """The audit log of one home. Read from the database when it is first needed; waits then."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._entries: deque[tuple[str, dict[str, Any]]] = deque()
        self._is_loaded = False

    def note(
        self, user_id: str | None, user: str, action: str, path: str, result: str, ok: bool, remote: str | None = None,
        **more: Any,
    ) -> None:
        """Write down one attempt. Returns before it is on the disk; a failure to save is logged, and undoes nothing."""
        self._load()
        now = self._home.clock.now()
        entry = {
            "time": now, "user_id": user_id, "user": user, "remote": remote, "action": action, "path": path,
            "result": result[:MAX_TEXT], "ok": ok, **more,
        }  # fmt: skip
        key = f"{PREFIX}{ulid(now)}"
        self._entries.append((key, entry))
        documents: dict[str, Any] = {key: entry}
        while len(self._entries) > MAX_ENTRIES:
            documents[self._entries.popleft()[0]] = None
        log.info("an operator acts", user=user, action=action, actor=path, result=entry["result"], ok=ok)
        try:
            self._home.storage.save_soon(documents)
        except MargeError as exc:
            log.error("the audit log could not be saved", problem=str(exc))

    def entries(self, text: str = "", offset: int = 0, limit: int = 100) -> dict[str, Any]:
        """Newest first: those in which `text` occurs."""
        self._load()
        wanted = text.strip().lower()
        found = [
            entry for _key, entry in reversed(self._entries)
            if not wanted or wanted in f"{entry['user']} {entry['action']} {entry['path']} {entry['result']}".lower()
        ]  # fmt: skip
        return {"total": len(found), "rows": found[offset : offset + limit]}

    def _load(self) -> None:
        if self._is_loaded:
            return
        try:
            stored = self._home.storage.load_all(PREFIX)
        except MargeError as exc:
            log.error("the audit log could not be read", problem=str(exc))
            return
        if self._is_loaded:  # somebody else was quicker while this waited
            return
        self._is_loaded = True
        known = {key for key, _entry in self._entries}
        entries = [(key, entry) for key, entry in sorted(stored.items()) if _is_entry(entry) and key not in known]
        self._entries.extendleft(reversed(entries[-MAX_ENTRIES:]))


def _is_entry(value: object) -> bool:
    return isinstance(value, dict) and {"time", "user", "action", "path", "result", "ok"} <= value.keys()
