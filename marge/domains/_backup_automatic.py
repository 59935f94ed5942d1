"""Automatic backups: when the next one is made, a missed one after the start, which old ones go, and that it is told
when they fail. Not here: making one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gevent
import structlog

from marge.actors import Timer
from marge.backup.retention import Keep, surplus
from marge.domains._backup_choices import Choices
from marge.domains._backup_progress import ManagerBusy
from marge.errors import HomeError

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.domains.backup")

MISSED_AFTER_S = 300.0
"""A backup that was due while the home was off is made so long after the start, which has enough to do."""
AGAIN_AFTER_S = 600.0
"""When something else is going on with backups at the time."""
SAFE_MODE = "safe_mode"
"""In `home.shared` while settings are lost and nobody has restored them (`marge.integrations._safe_mode`)."""
_FAILED_ISSUE = "automatic_backup_failed"


class Automatic:
    """The schedule of a home's backups, and what follows from it. On the hub.

    Args:
        make: begins to make one; its greenlet ends when that is made or not.
        changed: called when the next moment is another one.
    """

    def __init__(
        self, home: Home, choices: Choices, make: Callable[[], tuple[str, gevent.Greenlet]],
        changed: Callable[[], None],
    ) -> None:
        self._home, self._choices = home, choices
        self._make, self._changed = make, changed
        self._timer: Timer | None = None
        self._next: dt.datetime | None = None
        self._is_additional = False

    def schedule(self) -> dict[str, Any]:
        """When the next one is made, as clients read it; an additional one is not of the schedule."""
        shown = None if self._next is None else self._next.isoformat()
        return {"next_automatic_backup": shown, "next_automatic_backup_additional": self._is_additional}

    def begin(self) -> None:
        """Follow the schedule. What was missed while the home was off is made good."""
        self.plan(MISSED_AFTER_S if self._choices.has_missed_one() else None)

    def plan(self, additional_after_s: float | None = None) -> None:
        """Reckon the next moment anew; one more in so many seconds, if that is sooner."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._next, self._is_additional = None, self._choices.next_moment(), False
        if additional_after_s is not None and self._next is not None:
            additional = self._choices.now() + dt.timedelta(seconds=additional_after_s)
            if additional < self._next:
                self._next, self._is_additional = additional, True
        self._changed()
        if self._next is not None:
            self._timer = self._home.clock.at(self._next.timestamp(), lambda _message: gevent.spawn(self._due))

    def _due(self) -> None:
        again: float | None = None
        try:
            self._make()[1].join()
        except ManagerBusy as exc:
            again = AGAIN_AFTER_S
            log.warning("an automatic backup waits", reason=str(exc), seconds=again)
        except HomeError as exc:
            log.error("an automatic backup could not be made", reason=str(exc))
        self.plan(again)

    def report(self, problem: str | None) -> None:
        """That automatic backups fail is a repair issue until one succeeds."""
        issues = self._home.registries.issues
        if problem is None:
            issues.delete("backup", _FAILED_ISSUE)
        else:
            issues.raise_issue(
                "backup", _FAILED_ISSUE, translation_key=f"{_FAILED_ISSUE}_create",
                learn_more_url="homeassistant://config/backup",
            )  # fmt: skip

    def too_old(self, backups: list[dict[str, Any]], newest: str, instance_id: str, keep: Keep) -> list[str]:
        """The automatic backups of this home that nobody wants to keep, after `newest` was made.

        Args:
            backups: as clients read them.
            instance_id: those of other homes are not ours to delete, whoever made them.
            keep: what the files say; the page's wishes come on top.
        """
        if self._home.shared.get(SAFE_MODE):
            log.warning("old backups are kept: this home has lost settings, and they may be needed")
            return []
        page = self._choices["retention"] or {}
        zone = self._home.config.time_zone
        ours = {
            each["backup_id"]: dt.datetime.fromisoformat(each["date"]).astimezone(zone) for each in backups
            if each["with_automatic_settings"] and each["extra_metadata"].get("instance_id") == instance_id
        }  # fmt: skip
        wanted = replace(keep, copies=page.get("copies"), days=page.get("days"))
        return surplus(ours, wanted, self._choices.now(), newest) if newest in ours else []
