"""Backups: made when asked for or by the clock, listed, deleted, kept as many or as long as wanted, put back.

`home.shared["backup"]` holds the `Backups`. There is one place for them (`backup.local`): the folder `backups` of the
configuration directory. Not here: what is in a file (`marge.backup`).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gevent
import structlog

from marge.actors import native
from marge.backup import read, staging, write
from marge.backup.about import About
from marge.backup.ciphers import load_ciphers
from marge.backup.contents import FOLDER, MEDIA
from marge.backup.errors import BackupError, WrongPassword
from marge.domains._backup_automatic import Automatic
from marge.domains._backup_choices import DAYS, Choices
from marge.domains._backup_files import keep, read_back, shown
from marge.domains._backup_progress import (
    CREATING,
    IDLE,
    MANAGER_ERROR,
    RECEIVING,
    RESTORING,
    UNKNOWN_ERROR,
    PasswordIncorrect,
    Progress,
)
from marge.domains._backup_yaml import Wishes, read_wishes
from marge.entities import Domain
from marge.errors import HomeError, MargeError
from marge.version import HA_VERSION, VERSION

if TYPE_CHECKING:
    from marge.home import Home
    from marge.services.registry import ServiceCall

log = structlog.get_logger("marge.domains.backup")

__all__ = ["AGENT", "CREATING", "DAYS", "IDLE", "INSTANCE_KEY", "SHARED", "Backups", "PasswordIncorrect"]

SHARED, AGENT = "backup", "backup.local"
RESTART_AFTER_S = 0.5
"""So that who asked for a restore gets the answer."""
RESTARTS = "core_restart"
NOT_WANTED = "It is not wanted any more; nothing has changed."
INSTANCE_KEY = "backup/instance_id"
"""Where it is stored which home this is; backups of others may lie among its own."""
_ON_DISK = (OSError, sqlite3.Error, MargeError)


class Backups:
    """The backups of a home. Its methods wait, but those that say so."""

    def __init__(self, home: Home, wishes: Wishes | None = None) -> None:
        self._home = home
        self._wishes = wishes or Wishes()
        self._config_dir = home.config.config_dir
        self._database: Path = home.config.marge.db_path
        self.folder: Path = self._config_dir / FOLDER
        self.progress = Progress()
        self._choices = Choices(home)
        self._instance_id = ""  # which home a backup is of
        self.automatic = Automatic(home, self._choices, self.create_automatic, self.progress.changed)

    @property
    def state(self) -> str:
        """`idle`, or what goes on."""
        return self.progress.state

    def load(self) -> None:
        """Read what people chose, begin to follow the schedule, and learn how a restore went."""
        self._choices.load()
        known = self._home.storage.load(INSTANCE_KEY)
        self._instance_id = known if isinstance(known, str) else secrets.token_hex(16)
        if known != self._instance_id:
            self._home.storage.save(INSTANCE_KEY, self._instance_id)
        native.run(write.tidy, self.folder)
        result = native.run(staging.take_result, self._config_dir)
        if result is not None:
            self.progress.remember(RESTORING, result.problem)
            if result.problem is not None:
                self._home.registries.issues.raise_issue(
                    "homeassistant", "restore_failed", severity="error",
                    translation_placeholders={"name": result.name, "problem": result.problem},
                )  # fmt: skip
        self.automatic.begin()

    # -- what there is -----------------------------------------------------------------------------------------------

    def all(self) -> list[dict[str, Any]]:
        """All backups, the oldest first, as clients read them."""
        return [shown(about, size, AGENT) for about, size in native.run(read.listed, self.folder)]

    def get(self, backup_id: str) -> dict[str, Any] | None:
        return next((each for each in self.all() if each["backup_id"] == backup_id), None)

    def path(self, backup_id: str) -> Path | None:
        """The file of a backup; None: there is none."""
        return None if self.get(backup_id) is None else write.path_of(self.folder, backup_id)

    def delete(self, backup_id: str) -> None:
        """Forget a backup; unknown ones are forgotten already."""
        path = self.path(backup_id)
        if path is not None:
            native.run(path.unlink, True)

    def add(self, draft: Path, replaces: bool = True) -> str:
        """Keep a backup that was sent and lies in `draft`, in `folder`; it is gone from there afterwards.

        Args:
            replaces: whether another one of its id gives way to it. Where none may, it is read through, too.

        Returns:
            Its id.

        Raises:
            HomeError: it is no backup, or something else is going on.
        """
        with self.progress.busy(RECEIVING, "receive_file"):
            try:
                backup_id: str = native.attempt(_ON_DISK, keep, self.folder, draft, replaces)
            except _ON_DISK as exc:
                raise HomeError(f"The file cannot be kept as a backup: {exc}") from exc
            self.progress.tell("in_progress", stage="upload_to_agents")
        return backup_id

    def check_password(self, backup_id: str, agent_id: str, password: str | None) -> None:
        """Whether a backup opens with it; one that is not protected opens with any.

        Raises:
            PasswordIncorrect: it does not.
            HomeError: there is no such backup.
        """
        self._attempt(read.check_password, self._need(backup_id, agent_id), password)

    def verify(self, backup_id: str, password: str | None = None) -> read.Holding:
        """Read a backup whole and check everything in it; nothing is written, other work may go on.

        Raises:
            PasswordIncorrect, HomeError: it is not as it should be.
        """
        found: read.Holding = self._attempt(read.verify, self._need(backup_id, AGENT), password)
        return found

    def opened(self, backup_id: str, password: str) -> Path:
        """A protected backup without its password, as a file that the caller removes.

        Raises:
            PasswordIncorrect, HomeError: as `check_password`.
        """
        draft = self.folder / f"{secrets.token_hex(8)}.draft"
        content = draft.with_suffix(".content")
        try:
            self._attempt(read.unsealed, self._need(backup_id, AGENT), password, draft, content)
        except HomeError:
            draft.unlink(missing_ok=True)
            raise
        finally:
            content.unlink(missing_ok=True)
        return draft

    def _need(self, backup_id: str, agent_id: str) -> Path:
        if agent_id != AGENT:
            raise HomeError(f"Invalid agent selected: {agent_id}")
        path = self.path(backup_id)
        if path is None:
            raise HomeError(f"Backup {backup_id} not found in agent {agent_id}")
        return path

    # -- making one --------------------------------------------------------------------------------------------------

    def create(
        self, agent_ids: Sequence[str], name: str | None = None, include_database: bool = True,
        password: str | None = None, automatic: bool = False, include_folders: Sequence[str] | None = None,
        include_addons: Sequence[str] | None = None, include_all_addons: bool = False,
        include_homeassistant: bool = True,
    ) -> tuple[str, gevent.Greenlet]:
        """Begin to make a backup. Does not wait for it.

        Args:
            include_database: with the history; settings are always in it.

        Returns:
            Its id, and what makes it: its value is whether it was made.

        Raises:
            HomeError: something else is going on, or it cannot be made like this.
        """
        self.progress.begin(CREATING)
        problem = None
        if AGENT not in agent_ids:
            problem = f"At least one available backup agent must be selected, got {list(agent_ids)}"
        elif include_addons or include_all_addons or set(include_folders or ()) - {MEDIA}:
            problem = "Addons and folders are not supported by core backup"
        elif not include_homeassistant:
            problem = "Home Assistant must be included in backup"
        elif self._wishes.problem is not None:
            problem = self._wishes.problem
        if problem is not None:
            self.progress.end("failed", MANAGER_ERROR, problem)
            if automatic:
                self.automatic.report(problem)
            raise HomeError(problem)
        about = About(
            backup_id=secrets.token_hex(4),
            name=(name or f"{'Automatic' if automatic else 'Custom'} backup {HA_VERSION}")[:1000],
            date=self._choices.now().isoformat(),
            marge_version=VERSION,
            homeassistant_version=HA_VERSION,
            history=include_database,
            folders=(MEDIA,) if include_folders else (),
            extra={"instance_id": self._instance_id, "with_automatic_settings": automatic},
        )
        secret = password if self._choices.is_protected(AGENT) else None
        return about.backup_id, gevent.spawn(self._make, about, secret or None)

    def _write(self, about: About, password: str | None) -> About:
        return write.write(
            self.folder, self._config_dir, self._database, about, password, self._wishes.recipients,
            self.progress.meter,
        )  # fmt: skip

    def create_automatic(self) -> tuple[str, gevent.Greenlet]:
        """As `create`, with what people chose for automatic backups.

        Raises:
            HomeError: as there; nobody has chosen where to keep them, for example.
        """
        self._choices.update({"last_attempted_automatic_backup": self._choices.now().isoformat()})
        return self.create(**self._choices["create_backup"], automatic=True)

    def _make(self, about: About, password: str | None) -> bool:
        problem: str | None = None
        try:
            self.progress.tell("in_progress", stage="home_assistant")
            load_ciphers()
            native.attempt(_ON_DISK, self._write, about, password)
            self.progress.tell("in_progress", stage="upload_to_agents")
            if about.automatic:
                native.attempt(_ON_DISK, read_back, write.path_of(self.folder, about.backup_id))
                self._choices.update({"last_completed_automatic_backup": self._choices.now().isoformat()})
                self._forget_old(about.backup_id)
        except _ON_DISK as exc:
            problem = str(exc)
            log.error("a backup could not be made", backup=about.name, problem=problem)
        except Exception as exc:  # noqa: BLE001 - the border: one backup; the next one must not find us busy
            problem = repr(exc)
            log.error("a backup could not be made", backup=about.name, exc_info=exc)
        self.progress.end("completed" if problem is None else "failed", problem and UNKNOWN_ERROR, problem)
        if about.automatic:
            self.automatic.report(problem)
        return problem is None

    def _forget_old(self, newest: str) -> None:
        """Delete the automatic backups beyond what people want to keep."""
        for each in self.automatic.too_old(self.all(), newest, self._instance_id, self._wishes.keep):
            self.delete(each)

    # -- putting one back --------------------------------------------------------------------------------------------

    def restore(
        self, backup_id: str, agent_id: str, password: str | None = None, restore_database: bool = True,
        restore_homeassistant: bool = True, restore_addons: Sequence[str] | None = None,
        restore_folders: Sequence[str] | None = None, wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        """Check a backup whole, make it ready, and restart the home, which comes up as it was then.

        Args:
            wanted: asked when all is ready, and right before the restart: whether it shall still be.

        Raises:
            PasswordIncorrect: it does not open.
            HomeError: it is not whole or not there, or something else is going on; nothing has changed.
        """
        with self.progress.busy(RESTORING, goes_on=True):
            path = self._need(backup_id, agent_id)
            if restore_addons or restore_folders:
                raise HomeError("Addons and folders are not supported in core restore")
            if not restore_homeassistant and not restore_database:
                raise HomeError("Home Assistant or database must be included in restore")
            self._attempt(
                staging.stage, self._config_dir, self._database, path, password, restore_homeassistant,
                restore_database, self._home.clock.now(), self.progress.meter,
            )
            if not wanted():
                native.run(staging.discard, self._config_dir)
                raise HomeError(NOT_WANTED)
            log.warning("a backup will be restored; the home restarts", backup=backup_id)
            self.progress.tell(RESTARTS)
        gevent.spawn_later(RESTART_AFTER_S, self._restart, wanted)

    @property
    def is_restarting(self) -> bool:
        """Whether a backup is ready and the home about to end for it: what is changed now is lost."""
        event = self.progress.last_event
        return self.state == RESTORING and event is not None and event["state"] == RESTARTS

    def _restart(self, wanted: Callable[[], bool]) -> None:
        if not wanted():
            native.run(staging.discard, self._config_dir)
            self.progress.end("failed", MANAGER_ERROR, NOT_WANTED)
            return
        run = self._home.shared.get("run")
        if run is None:
            self.progress.end("completed")
            self._notify("A backup is ready to be restored: it will be when the server starts again.")
            return
        run.restart()

    # -- the native API's --------------------------------------------------------------------------------------------

    def native_archive(self) -> Path:
        """The home as the native API gives it away, in a file that the caller removes.

        Raises:
            HomeError: it cannot be made.
        """
        path: Path = self._attempt(write.native_archive, self.folder, self._config_dir, self._database)
        return path

    def restore_native(self, archive: Path) -> tuple[dict[str, bytes], bool]:
        """Check such an archive; its database waits for the next start.

        Returns:
            The files in it, which the caller puts in their places, and whether there is a database.

        Raises:
            HomeError: it cannot be used; nothing has changed.
        """
        with self.progress.busy(RESTORING):
            found: tuple[dict[str, bytes], bool] = self._attempt(
                staging.stage_native, self._config_dir, self._database, archive
            )
        if found[1]:
            self._notify("A database waits to be restored: restart the server. What happens until then will be lost.")
        return found

    # -- telling -----------------------------------------------------------------------------------------------------

    def _attempt(self, function: Callable[..., Any], *args: Any) -> Any:
        """Work with files in a native thread; what goes wrong is told to who asked."""
        load_ciphers()
        try:
            return native.attempt(_ON_DISK, function, *args)
        except WrongPassword as exc:
            raise PasswordIncorrect("The password provided is incorrect.") from exc
        except BackupError as exc:
            raise HomeError(f"The backup cannot be used: {exc}") from exc
        except _ON_DISK as exc:
            log.error("a backup could not be read or written", problem=str(exc))
            raise HomeError(f"The backup cannot be read or written: {exc}") from exc

    def _notify(self, text: str) -> None:
        log.warning(text)
        notifications = self._home.shared.get("persistent_notification")
        if notifications is not None:
            notifications.create(text, "Backups", "backup.restore")

    # -- what people chose -------------------------------------------------------------------------------------------

    @property
    def config(self) -> dict[str, Any]:
        return {**self._choices.all(), **self.schedule()}

    def schedule(self) -> dict[str, Any]:
        """When the next automatic backup is made."""
        return self.automatic.schedule()

    def attempts(self) -> dict[str, Any]:
        """When automatic backups were made."""
        keys = ("last_attempted_automatic_backup", "last_completed_automatic_backup")
        return {key: self._choices[key] for key in keys}

    def update_config(self, **changes: Any) -> None:
        """Change what people chose; parts of a part keep their values."""
        self._choices.update(changes)
        self.automatic.plan()


def _setup(home: Home, section: Any) -> None:
    backups = Backups(home, read_wishes(home, section))
    backups.load()
    home.shared[SHARED] = backups  # not before: what it tidies away must be nobody's, and how a restore went be known

    def wait_for(making: gevent.Greenlet) -> None:
        if not making.get():
            raise HomeError("The backup could not be made; the log says why")

    def create(_call: ServiceCall) -> None:
        wait_for(backups.create([AGENT])[1])

    def create_automatic(_call: ServiceCall) -> None:
        wait_for(backups.create_automatic()[1])

    home.services.register("backup", "create", create, {}, description="Makes a backup of the home.")
    home.services.register(
        "backup", "create_automatic", create_automatic, {},
        description="Makes a backup with the settings for automatic ones.",
    )  # fmt: skip


DOMAIN = Domain("backup", setup=_setup)
