"""Backups: made when asked for or by the clock, listed, deleted, kept as many or as long as wanted.

`home.shared["backup"]` holds the `Backups`. There is one place for them (`backup.local`): the folder `backups` of the
configuration directory. Restoring is done by hand, with the server stopped: a running home does not replace itself.
"""

from __future__ import annotations

import datetime as dt
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import structlog

from marge.actors import Timer, native
from marge.domains import _backup_files as files
from marge.entities import Domain
from marge.errors import HomeError
from marge.util.dt import from_epoch
from marge.version import HA_VERSION

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains.backup")

SHARED, AGENT = "backup", "backup.local"
IDLE, CREATING = "idle", "create_backup"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_TIME = dt.time(4, 45)
MAX_LISTENERS = 1000
_KEY, _INSTANCE_KEY = "backup/config", "backup/instance_id"
_DEFAULTS: Mapping[str, Any] = {
    "agents": {},
    "automatic_backups_configured": False,
    "create_backup": {
        "agent_ids": [], "include_addons": None, "include_all_addons": False, "include_database": True,
        "include_folders": None, "name": None, "password": None,
    },
    "last_attempted_automatic_backup": None,
    "last_completed_automatic_backup": None,
    "retention": {"copies": None, "days": None},
    "schedule": {"days": [], "recurrence": "never", "time": None},
}  # fmt: skip


class Backups:
    """The backups of a home. Its methods wait, but those that say so."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.folder: Path = home.config.config_dir / files.FOLDER
        self.state = IDLE
        self.last_event: dict[str, Any] | None = None
        self._listeners: list[Callable[[dict[str, Any]], None]] = []
        self._watchers: list[Callable[[], None]] = []
        self._config: dict[str, Any] = dict(_DEFAULTS)
        self._instance_id = ""  # which home a backup is of
        self._timer: Timer | None = None
        self._next: dt.datetime | None = None

    def load(self) -> None:
        """Read what people chose, and begin to follow the schedule."""
        kept = self._home.storage.load(_KEY)
        if isinstance(kept, dict):
            self._config = {**_DEFAULTS, **{key: kept[key] for key in _DEFAULTS if key in kept}}
        known = self._home.storage.load(_INSTANCE_KEY)
        self._instance_id = known if isinstance(known, str) else secrets.token_hex(16)
        if known != self._instance_id:
            self._home.storage.save(_INSTANCE_KEY, self._instance_id)
        native.run(files.tidy, self.folder)
        self._plan()

    # -- what there is -----------------------------------------------------------------------------------------------

    def all(self) -> list[dict[str, Any]]:
        """All backups, the oldest first, as clients read them."""
        return [_shown(about, size) for about, size in native.run(files.listed, self.folder)]

    def get(self, backup_id: str) -> dict[str, Any] | None:
        return next((each for each in self.all() if each["backup_id"] == backup_id), None)

    def path(self, backup_id: str) -> Path | None:
        """The file of a backup; None: there is none."""
        return None if self.get(backup_id) is None else files.path_of(self.folder, backup_id)

    def delete(self, backup_id: str) -> None:
        """Forget a backup; unknown ones are forgotten already."""
        path = self.path(backup_id)
        if path is not None:
            native.run(path.unlink, True)

    def add(self, data: bytes) -> str | None:
        """Keep a backup that was sent. Returns its id; None: it is no backup."""
        found: str | None = native.run(_keep, self.folder, data)
        return found

    # -- making one --------------------------------------------------------------------------------------------------

    def create(
        self, agent_ids: Sequence[str], name: str | None = None, include_database: bool = True,
        password: str | None = None, automatic: bool = False, **_unused: Any,
    ) -> tuple[str, gevent.Greenlet]:
        """Begin to make a backup. Does not wait for it.

        Returns:
            Its id, and what makes it: its value is the size in bytes, or an error that was logged.

        Raises:
            HomeError: one is being made, or it cannot be made like this.
        """
        if self.state != IDLE:
            raise HomeError(f"Backup manager busy: {self.state}")
        self.state = CREATING
        self._tell("in_progress")
        problem = self._problem(agent_ids, password)
        if problem is not None:
            self._end("failed", "backup_manager_error")
            raise HomeError(problem)
        moment = from_epoch(self._home.clock.now()).astimezone(self._home.config.time_zone)
        backup_id = secrets.token_hex(4)
        about = {
            "backup_id": backup_id,
            "date": moment.isoformat(),
            "name": name or f"{'Automatic' if automatic else 'Custom'} backup {HA_VERSION}",
            "database_included": include_database,
            "homeassistant_version": HA_VERSION,
            "instance_id": self._instance_id,
            "with_automatic_settings": automatic,
        }
        return backup_id, gevent.spawn(self._make, about)

    def create_automatic(self) -> tuple[str, gevent.Greenlet]:
        """As `create`, with what people chose for automatic backups.

        Raises:
            HomeError: as there; nobody has chosen where to keep them, for example.
        """
        wanted = self._config["create_backup"]
        self._note(last_attempted_automatic_backup=self._now().isoformat())
        return self.create(
            wanted["agent_ids"], wanted["name"], wanted["include_database"], wanted["password"], automatic=True
        )

    @staticmethod
    def _problem(agent_ids: Sequence[str], password: str | None) -> str | None:
        unknown = [each for each in agent_ids if each != AGENT]
        if unknown:
            return f"Invalid agents selected: {unknown}"
        if not agent_ids:
            return f"At least one available backup agent must be selected, got {list(agent_ids)}"
        if password:
            return "Backups with a password are not supported."
        return None

    def _make(self, about: dict[str, Any]) -> int | None:
        try:
            return self._write(about)
        except Exception as exc:  # noqa: BLE001 - the border: one backup; the next one must not find us busy
            log.error("a backup could not be made", backup=about["name"], exc_info=exc)
            self._end("failed", "unknown_error")
        return None

    def _write(self, about: dict[str, Any]) -> int | None:
        self._tell("in_progress", stage="home_assistant")
        database = self._home.config.marge.db_path if about["database_included"] else None
        try:
            size: int = native.attempt(
                (OSError, sqlite3.Error), files.write, self.folder, self._home.config.config_dir, database, about
            )
        except (OSError, sqlite3.Error) as exc:
            log.error("a backup could not be made", backup=about["name"], problem=str(exc))
            self._end("failed", "unknown_error")
            return None
        self._tell("in_progress", stage="upload_to_agents")
        if about["with_automatic_settings"]:
            self._note(last_completed_automatic_backup=self._now().isoformat())
            self._forget_old()
        self._end("completed")
        return size

    def _forget_old(self) -> None:
        """Delete the automatic backups beyond what people want to keep."""
        keep = self._config["retention"] or {}
        automatic = [each for each in self.all() if each["with_automatic_settings"]]
        copies, days = keep.get("copies"), keep.get("days")
        surplus = automatic[:-copies] if copies is not None else []
        if days is not None:
            limit = self._now() - dt.timedelta(days=days)
            surplus += [each for each in automatic[:-1] if dt.datetime.fromisoformat(each["date"]) < limit]
        for each in surplus:
            self.delete(each["backup_id"])

    # -- telling -----------------------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Call `listener` with each step; at once with the present one. It must not wait. Returns how to end that."""
        self._listeners.append(listener)
        listener({"manager_state": IDLE} if self.state == IDLE or self.last_event is None else self.last_event)

        def cancel() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return cancel

    def _tell(self, state: str, reason: str | None = None, stage: str | None = None) -> None:
        self.last_event = {"manager_state": CREATING, "reason": reason, "stage": stage, "state": state}
        for listener in tuple(self._listeners):
            listener(self.last_event)
        self._changed()

    def watch(self, watcher: Callable[[], None]) -> Callable[[], None]:
        """Call `watcher` when the state or the schedule has changed. It must not wait. Returns how to end that."""
        self._watchers.append(watcher)

        def cancel() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return cancel

    def _changed(self) -> None:
        for watcher in tuple(self._watchers):
            watcher()

    def _end(self, state: str, reason: str | None = None) -> None:
        self._tell(state, reason)
        self.state = IDLE
        for listener in tuple(self._listeners):
            listener({"manager_state": IDLE})
        self._changed()

    # -- what people chose -------------------------------------------------------------------------------------------

    @property
    def config(self) -> dict[str, Any]:
        return {**self._config, **self.schedule()}

    def schedule(self) -> dict[str, Any]:
        """When the next automatic backup is made."""
        shown = None if self._next is None else self._next.isoformat()
        return {"next_automatic_backup": shown, "next_automatic_backup_additional": False}

    def attempts(self) -> dict[str, Any]:
        """When automatic backups were made."""
        keys = ("last_attempted_automatic_backup", "last_completed_automatic_backup")
        return {key: self._config[key] for key in keys}

    def update_config(self, **changes: Any) -> None:
        """Change what people chose; parts of a part keep their values."""
        for key, value in changes.items():
            if key == "retention" and value is None:
                value = _DEFAULTS["retention"]
            old = self._config[key]
            self._config[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
        self._save()
        self._plan()

    def _note(self, **changes: Any) -> None:
        self._config.update(changes)
        self._save()

    def _save(self) -> None:
        self._home.storage.save(_KEY, dict(self._config))

    # -- the clock ---------------------------------------------------------------------------------------------------

    def _now(self) -> dt.datetime:
        return from_epoch(self._home.clock.now()).astimezone(self._home.config.time_zone)

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._next = None, self._next_moment()
        self._changed()
        if self._next is not None:
            self._timer = self._home.clock.at(self._next.timestamp(), lambda _message: gevent.spawn(self._due))

    def _next_moment(self) -> dt.datetime | None:
        schedule = self._config["schedule"]
        if schedule["recurrence"] == "daily":
            days: Sequence[str] = DAYS
        elif schedule["recurrence"] == "custom_days":
            days = schedule["days"]
        else:
            return None
        at = dt.time.fromisoformat(schedule["time"]) if schedule["time"] else USUAL_TIME
        now = self._now()
        for ahead in range(8):
            moment = dt.datetime.combine(now.date() + dt.timedelta(days=ahead), at, now.tzinfo)
            if moment > now and DAYS[moment.weekday()] in days:
                return moment
        return None

    def _due(self) -> None:
        try:
            self.create_automatic()[1].join()
        except HomeError as exc:
            log.error("an automatic backup could not be made", reason=str(exc))
        self._plan()


def _keep(folder: Path, data: bytes) -> str | None:
    folder.mkdir(exist_ok=True)
    draft = folder / f"{secrets.token_hex(8)}.draft"
    draft.touch(0o600)
    try:
        draft.write_bytes(data)
        about = files.read_about(draft)
        if about is None:
            return None
        draft.replace(files.path_of(folder, about["backup_id"]))
        return str(about["backup_id"])
    finally:
        draft.unlink(missing_ok=True)


def _shown(about: Mapping[str, Any], size: int) -> dict[str, Any]:
    automatic = about.get("with_automatic_settings") is True
    return {
        "addons": [],
        "agents": {AGENT: {"protected": False, "size": size}},
        "backup_id": about["backup_id"],
        "database_included": about.get("database_included") is True,
        "date": about["date"],
        "extra_metadata": {"instance_id": about.get("instance_id"), "with_automatic_settings": automatic},
        "failed_agent_ids": [],
        "folders": [],
        "homeassistant_included": True,
        "homeassistant_version": about.get("homeassistant_version"),
        "name": about["name"],
        "with_automatic_settings": automatic,
    }


def _setup(home: Home, _section: Any) -> None:
    backups = home.shared[SHARED] = Backups(home)
    backups.load()

    def create(_call: ServiceCall) -> None:
        backups.create([AGENT])[1].join()

    def create_automatic(_call: ServiceCall) -> None:
        backups.create_automatic()[1].join()

    home.services.register("backup", "create", create, {}, description="Makes a backup of the home.")
    home.services.register(
        "backup", "create_automatic", create_automatic, {},
        description="Makes a backup with the settings for automatic ones.",
    )  # fmt: skip


DOMAIN = Domain("backup", setup=_setup)
