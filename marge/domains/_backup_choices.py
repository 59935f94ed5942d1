"""What people chose for automatic backups: kept in the store, with the moment at which the next one is due.

Not here: making one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from marge.util.dt import from_epoch

if TYPE_CHECKING:
    from marge.home import Home

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_TIME = dt.time(4, 45)
_KEY = "backup/config"
_SINCE = "schedule_since"
"""When the schedule was chosen, in what is stored: a time of before was not missed."""
_ATTEMPTED = "last_attempted_automatic_backup"
_DEFAULTS: Mapping[str, Any] = {
    "agents": {},
    "automatic_backups_configured": False,
    "create_backup": {
        "agent_ids": [], "include_addons": None, "include_all_addons": False, "include_database": True,
        "include_folders": None, "name": None, "password": None,
    },
    _ATTEMPTED: None,
    "last_completed_automatic_backup": None,
    "retention": {"copies": None, "days": None},
    "schedule": {"days": [], "recurrence": "never", "time": None},
}  # fmt: skip


class Choices:
    """The settings as clients read and change them."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._values: dict[str, Any] = dict(_DEFAULTS)
        self._since: str | None = None

    def load(self) -> None:
        """Waits for the store."""
        kept = self._home.storage.load(_KEY)
        if isinstance(kept, dict):
            self._values = {**_DEFAULTS, **{key: kept[key] for key in _DEFAULTS if key in kept}}
            self._since = kept.get(_SINCE)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def all(self) -> dict[str, Any]:
        return dict(self._values)

    def update(self, changes: Mapping[str, Any]) -> None:
        """Change some; parts of a part keep their values. Waits for the store."""
        for key, value in changes.items():
            if key == "retention" and value is None:
                value = _DEFAULTS["retention"]
            old = self._values[key]
            self._values[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
        if "schedule" in changes:
            self._since = self.now().isoformat()
        self._home.storage.save(_KEY, {**self._values, _SINCE: self._since})

    def is_protected(self, agent_id: str) -> bool:
        """Whether a password is used for what lies there."""
        agent = self._values["agents"].get(agent_id)
        return agent is None or agent.get("protected") is not False

    def now(self) -> dt.datetime:
        """In the home's time zone."""
        return from_epoch(self._home.clock.now()).astimezone(self._home.config.time_zone)

    def next_moment(self) -> dt.datetime | None:
        """When the next automatic backup is due; None: never."""
        now = self.now()
        return next((each for each in self._moments(now, range(8)) if each > now), None)

    def has_missed_one(self) -> bool:
        """Whether one was due since the last attempt, or since the schedule was chosen."""
        now = self.now()
        due = next((each for each in self._moments(now, range(0, -8, -1)) if each <= now), None)
        known = [dt.datetime.fromisoformat(each) for each in (self._values[_ATTEMPTED], self._since) if each]
        return due is not None and bool(known) and max(known) < due

    def _moments(self, now: dt.datetime, days: Iterable[int]) -> Iterator[dt.datetime]:
        """The times of the schedule, so many days ahead of today."""
        schedule = self._values["schedule"]
        wanted: Sequence[str] = schedule["days"] if schedule["recurrence"] == "custom_days" else DAYS
        if schedule["recurrence"] == "never":
            return
        at = dt.time.fromisoformat(schedule["time"]) if schedule["time"] else USUAL_TIME
        for ahead in days:
            moment = dt.datetime.combine(now.date() + dt.timedelta(days=ahead), at, now.tzinfo)
            if DAYS[moment.weekday()] in wanted:
                yield moment
