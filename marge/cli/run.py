"""Runs a home in the foreground: makes it if it is new, reads it, sets logging up, hands over to `marge.app`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from marge import log
from marge.actors.collector import no_collections
from marge.backup.contents import PLAN, STATE_FOLDER
from marge.cli.demo import where_to_look
from marge.cli.exit_codes import BAD_INPUT
from marge.cli.home_dir import DEMO_HOME, NEW_HOME, home_dir, is_new, make_home
from marge.config import ConfigProblem, load_home
from marge.util.left_out import left_out

if TYPE_CHECKING:
    from marge.backup.staging import Result

_log = structlog.get_logger("marge.config")


def run_home(config_dir: Path | None, *, demo: bool) -> int:
    """Run until told to stop; gives the exit code."""
    directory = home_dir(config_dir)
    made = is_new(directory)
    if made:
        make_home(directory, DEMO_HOME if demo else NEW_HOME)
    restored = _carry_out_restore(directory)
    with no_collections():
        home = load_home(directory, os.environ)
    if home.fatal:
        for problem in home.fatal:
            click.echo(f"marge: {problem}", err=True)
        return BAD_INPUT
    log.configure(home.marge.log_level, home.marge.log_format, home.marge.log_levels)
    if made:
        _log.info("made a new home", directory=str(directory))
    if restored is not None:
        write = _log.warning if restored.problem is None else _log.error
        write("a backup was restored" if restored.problem is None else "a backup was not restored",
              backup=restored.backup_id, problem=restored.problem)  # fmt: skip
    for problem in home.problems:
        _report(problem)
    if getattr(home.marge, "history_url", None) is None:
        # peewee would import the driver of a database that this home does not use: 9 MB where it is installed.
        with left_out("psycopg", "psycopg2"):
            import peewee  # noqa: F401
    from marge.app import RESTART, Running, run

    def greet(running: Running) -> None:
        # to standard output: standard error is the log, which may be JSON
        click.echo(where_to_look(home, running.auth))

    code = run(home, greet if demo else None)
    if code == RESTART:
        # The same process id, so that whoever watches over us sees no end; everything open closes itself.
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return code


def _carry_out_restore(directory: Path) -> Result | None:
    if not (directory / STATE_FOLDER / PLAN).exists():
        return None
    from marge.backup.staging import carry_out  # imports the storage, and so peewee: see `run_home`

    return carry_out(directory)


def _report(problem: ConfigProblem) -> None:
    write = _log.warning if problem.severity == "warning" else _log.error
    hint = {"hint": problem.hint} if problem.hint else {}
    write(problem.message, where=problem.where, **hint)
