"""Putting a backup back: made ready while the home runs, carried out when it starts, before anything is open. Blocks.

`<config>/.restore/` holds `staged/` (what comes), `plan.json` (written last: no plan, no restore), `replaced/` (what
the last restore took away) and `result.json` (for whoever tells people). Carrying out has two halves: first everything
that can fail is prepared beside its place, then names are swapped. A power cut in between is continued by the next
start; a failure is undone.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marge.backup.contents import MEDIA, PLAN, STATE_FOLDER, config_files, is_safe
from marge.backup.database import take_settings
from marge.backup.errors import BackupError, BackupMismatch, NoRoom
from marge.backup.meter import Meter
from marge.backup.read import Holding, extract, extract_native, verify
from marge.backup.write import CONFIG, DATABASE, enough_space, sync_folder
from marge.errors import MargeError
from marge.storage import Database, HomeLock
from marge.storage.migrate import find
from marge.util.atomic import write_atomically

STAGED, REPLACED, RESULT = "staged", "replaced", "result.json"
EXPIRES_S = 24 * 3600.0
"""A restore that waits longer is dropped: what happened since would be lost without anybody expecting it."""
_RESTORING, _BEFORE = ".restoring", ".before-restore"


@dataclass(frozen=True)
class Plan:
    """One restore that waits.

    Attributes:
        made_at: epoch seconds.
        database: the database's path.
        settings, history: what of it comes out of the backup; what does not stays as it is.
        files: the configuration as it was, paths below its directory; None: the files stay.
        media: whether `media` counts as part of it.
        prepared: only the swapping is left.
    """

    backup_id: str
    name: str
    made_at: float
    database: str
    settings: bool = True
    history: bool = True
    files: tuple[str, ...] | None = None
    media: bool = False
    prepared: bool = False


@dataclass(frozen=True)
class Result:
    """How a restore went; `problem` is None when all is in its place."""

    backup_id: str
    name: str
    problem: str | None = None


def stage(
    config_dir: Path,
    database: Path,
    archive: Path,
    password: str | None = None,
    settings: bool = True,
    history: bool = True,
    now: float | None = None,
    meter: Meter | None = None,
) -> Holding:
    """Check a backup whole, and make it ready for the next start. A restore that waited already is forgotten.

    Args:
        settings: put the configuration back, and everything of the database but the history.
        history: put the history back, if it is in the backup.

    Raises:
        BackupError, OSError: nothing is staged.
    """
    folder = _fresh(config_dir)
    try:
        holding = verify(archive, password, meter)
        if not settings and not (history and holding.about.history and holding.database):
            raise BackupMismatch("the history is not in it")
        if not enough_space(folder, 2 * holding.unpacked):
            raise NoRoom(
                f"there is not enough room on the disk to unpack {holding.unpacked / 1e6:.0f} MB beside the home"
            )
        extract(archive, password, folder / STAGED, meter)
        if holding.database:
            _check_version(folder / STAGED / DATABASE)
        about = holding.about
        _write_plan(folder, Plan(
            about.backup_id, about.name, time.time() if now is None else now, str(database), settings,
            history and about.history, holding.files if settings else None, MEDIA in about.folders,
        ))  # fmt: skip
        return holding
    except BaseException:
        discard(config_dir)
        raise


def stage_native(config_dir: Path, database: Path, archive: Path) -> tuple[dict[str, bytes], bool]:
    """The native API's archive: the files in it, and whether its database waits for the next start now.

    Raises:
        BackupError, OSError: nothing is staged.
    """
    folder = _fresh(config_dir)
    try:
        names = extract_native(archive, folder / STAGED)
        files = {name: (folder / STAGED / name).read_bytes() for name in names if name != DATABASE}
        if DATABASE in names:
            _check_version(folder / STAGED / DATABASE)
            _write_plan(folder, Plan("native", archive.name, time.time(), str(database)))
        else:
            discard(config_dir)
        return files, DATABASE in names
    except BaseException:
        discard(config_dir)
        raise


def discard(config_dir: Path) -> None:
    """Forget a restore that waits."""
    folder = config_dir / STATE_FOLDER
    with suppress(FileNotFoundError):
        (folder / PLAN).unlink()
    shutil.rmtree(folder / STAGED, ignore_errors=True)


def waiting(config_dir: Path) -> Plan | None:
    """The restore that waits for the next start."""
    try:
        found = json.loads((config_dir / STATE_FOLDER / PLAN).read_bytes())
        plan = Plan(**found)
    except (OSError, ValueError, TypeError):
        return None
    if plan.files is None:
        return plan
    files = tuple(each for each in plan.files if isinstance(each, str) and is_safe(each))
    return dataclasses.replace(plan, files=files)


def take_result(config_dir: Path) -> Result | None:
    """How the last restore went, told once."""
    path = config_dir / STATE_FOLDER / RESULT
    try:
        result = Result(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    with suppress(OSError):
        path.unlink()
    return result


def carry_out(config_dir: Path, now: float | None = None) -> Result | None:
    """Carry out the restore that waits, if there is one. With the home stopped: at a start, before anything is read.

    Returns:
        How it went, which is written down, too; None: none waited, or another process has the home.
    """
    plan = waiting(config_dir)
    if plan is None:
        return None
    try:
        lock = HomeLock(Path(plan.database))
    except MargeError:
        return None
    try:
        return _carry_out(config_dir, plan, time.time() if now is None else now)
    finally:
        lock.release()


def _carry_out(config_dir: Path, plan: Plan, now: float) -> Result:
    folder = config_dir / STATE_FOLDER
    problem: str | None = None
    restoring = Path(plan.database + _RESTORING)
    try:
        if not plan.prepared:
            if not 0 <= now - plan.made_at + 60 <= EXPIRES_S:
                raise BackupMismatch("it has waited for more than a day; ask for it again")
            _prepare_database(folder / STAGED / DATABASE, plan, restoring)
            shutil.rmtree(folder / REPLACED, ignore_errors=True)
            _write_plan(folder, dataclasses.replace(plan, prepared=True))
        _swap(config_dir, plan, restoring)
    except (OSError, sqlite3.Error, MargeError) as exc:
        problem = str(exc)
        restoring.unlink(missing_ok=True)
    result = Result(plan.backup_id, plan.name, problem)
    write_atomically(folder / RESULT, json.dumps(dataclasses.asdict(result)).encode())
    discard(config_dir)
    return result


def _prepare_database(staged: Path, plan: Plan, restoring: Path) -> None:
    """The database as it shall be, beside its place."""
    restoring.unlink(missing_ok=True)
    if not staged.exists():
        return
    present = Path(plan.database)
    if present.exists():
        with closing(sqlite3.connect(present)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if plan.settings and plan.history or not present.exists():
        shutil.copyfile(staged, restoring)
    else:
        base, other = (staged, present) if plan.history else (present, staged)
        shutil.copyfile(base, restoring)
        second = restoring.with_name(restoring.name + "2")
        shutil.copyfile(other, second)
        try:
            for path in (restoring, second):
                with Database.open_sync(path):  # brings it up to today's version
                    pass
            take_settings(restoring, second)
        finally:
            _remove_database(second)
    os.chmod(restoring, 0o600)
    with restoring.open("rb") as file:
        os.fsync(file.fileno())
    _remove_journals(restoring)


def _swap(config_dir: Path, plan: Plan, restoring: Path) -> None:
    """Names change places; each step can be done again, and what was done is undone when one fails."""
    folder = config_dir / STATE_FOLDER
    done: list[tuple[Path, Path]] = []
    try:
        if plan.files is not None:
            wanted = set(plan.files)
            for relative in list(config_files(config_dir, Path(plan.database), plan.media)):
                staged = folder / STAGED / CONFIG / relative
                # One that is wanted and no longer staged is in its place already.
                if relative not in wanted or staged.exists():
                    _move(config_dir / relative, folder / REPLACED / relative, done)
            for relative in plan.files:
                staged = folder / STAGED / CONFIG / relative
                if staged.exists():
                    _move(staged, config_dir / relative, done)
        if restoring.exists():
            present = Path(plan.database)
            if present.exists():
                _move(present, present.with_name(present.name + _BEFORE), done)
            _remove_journals(present)
            _move(restoring, present, done)
            sync_folder(present.parent)
        sync_folder(config_dir)
    except OSError:
        for source, target in reversed(done):
            with suppress(OSError):
                _move(target, source, [])
        raise


def _move(source: Path, target: Path, done: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.replace(source, target)
    except OSError as exc:
        if exc.errno != errno.EXDEV:
            raise
        draft = target.with_name(target.name + ".moving")
        shutil.copy2(source, draft)
        os.replace(draft, target)
        source.unlink()
    done.append((source, target))


def _check_version(database: Path) -> None:
    newest = find()[-1].version
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT max(version) FROM schema_version").fetchone()[0]
    if found is None or found > newest:
        raise BackupMismatch("its database was written by a newer Marge")


def _fresh(config_dir: Path) -> Path:
    discard(config_dir)
    folder = config_dir / STATE_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / STAGED).mkdir(mode=0o700)
    return folder


def _write_plan(folder: Path, plan: Plan) -> None:
    shown: dict[str, Any] = dataclasses.asdict(plan)
    write_atomically(folder / PLAN, json.dumps(shown).encode())


def _remove_journals(database: Path) -> None:
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _remove_database(database: Path) -> None:
    _remove_journals(database)
    database.unlink(missing_ok=True)


__all__ = ["BackupError", "Plan", "Result", "carry_out", "discard", "stage", "stage_native", "take_result", "waiting"]
