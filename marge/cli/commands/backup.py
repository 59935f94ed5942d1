"""`marge backup`: backups without the API, whether the server runs or not; putting one back wants it stopped."""

from __future__ import annotations

import os
import secrets
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from marge.backup.meter import Meter
from marge.cli.exit_codes import CANNOT_START, OK
from marge.cli.options import config_option
from marge.config import HomeConfig, load_home
from marge.errors import ConfigError, MargeError, Unavailable

PIPE_WIDTH = 200
MAX_IDENTITY = 64 << 10
_STEPS = MappingProxyType({"pack": "Packing", "check": "Checking", "unpack": "Unpacking"})
_PASSWORD_VARIABLE = "MARGE_BACKUP_PASSWORD"
_password_option = click.option(
    "--password", envvar=_PASSWORD_VARIABLE, show_envvar=True, help="Of a protected backup. Better in the variable."
)


_identity_option = click.option(
    "--identity", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with a secret key of age (or an SSH key), for what was sealed to its public key.",
)


@click.group()
def command() -> None:
    """Make, list, check and restore backups of a home."""


@command.command()
@click.option("--name", help="What it is called.  [default: the time]")
@click.option("--without-history", is_flag=True, help="Leave out what the recorder wrote.")
@click.option("--media", is_flag=True, help="With the folder `media`.")
@click.option(
    "--recipient", "recipients", multiple=True,
    help="Seal it to this public key (age1… or ssh-…); may be repeated.  [default: those of `backup:` in the files]",
)
@_password_option
@config_option
def create(
    name: str | None, without_history: bool, media: bool, recipients: tuple[str, ...], password: str | None,
    config_dir: Path,
) -> int:
    """Make a backup in the folder `backups` of the home and print its path. The server may run."""
    from marge.backup import write
    from marge.backup.about import About
    from marge.backup.contents import FOLDER, MEDIA
    from marge.version import HA_VERSION, VERSION

    home = _home(config_dir)
    now = datetime.now(home.time_zone)
    about = About(
        secrets.token_hex(4), (name or f"Backup of {now:%Y-%m-%d %H:%M}")[:1000], now.isoformat(), VERSION, HA_VERSION,
        history=not without_history, folders=(MEDIA,) if media else (),
        extra={"instance_id": "", "with_automatic_settings": False},
    )  # fmt: skip
    folder = config_dir / FOLDER
    section = home.sections.get("backup")
    wanted = section.get("recipients") if isinstance(section, dict) else None
    with _plain_failures(), _progress() as meter:
        keys = recipients or tuple(str(each) for each in (wanted if isinstance(wanted, list) else ()))
        write.write(folder, config_dir, home.marge.db_path, about, password or None, keys, meter)
    click.echo(write.path_of(folder, about.backup_id))
    return OK


@command.command("list")
@config_option
def list_backups(config_dir: Path) -> int:
    """Show the home's backups, the oldest first."""
    from marge.backup import read
    from marge.backup.contents import FOLDER

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("id", "name", "made", "MB", "history", "password"):
        table.add_column(title, no_wrap=title != "name")
    for about, size in read.listed(config_dir / FOLDER):
        made = about.moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        marks = ["yes" if about.history else "no", "key" if about.age else "yes" if about.protected else "no"]
        table.add_row(about.backup_id, about.name, made, f"{size / 1e6:.1f}", *marks)
    # a pipe has no width of its own, and what reads it needs whole ids
    (Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)).print(table)
    return OK


@command.command()
@click.argument("backup")
@_password_option
@_identity_option
@config_option
def verify(backup: str, password: str | None, identity: Path | None, config_dir: Path) -> int:
    """Read BACKUP (an id or a file) whole and check everything in it."""
    from marge.backup import read

    with _plain_failures(), _progress() as meter:
        holding = read.verify(_path(backup, config_dir), _secret(password, identity), meter)
    database = "with" if holding.database else "without"
    click.echo(f"{holding.about.name}: whole, {len(holding.files)} files, {database} a database")
    return OK


@command.command()
@click.argument("backup")
@click.option("--keep-history", is_flag=True, help="The history stays as it is now.")
@_password_option
@_identity_option
@config_option
def restore(
    backup: str, keep_history: bool, password: str | None, identity: Path | None, config_dir: Path
) -> int:
    """Put BACKUP (an id or a file) back, with the server stopped. What it replaces is kept in `.restore/replaced`."""
    from marge.backup import staging
    from marge.storage import HomeLock

    path = _path(backup, config_dir)
    database = _home(config_dir).marge.db_path
    try:
        HomeLock(database).release()
    except Unavailable as error:
        raise Unavailable(f"{error}, or restore over its API") from error
    with _plain_failures(), _progress() as meter:
        secret = _secret(password, identity)
        staging.stage(config_dir, database, path, secret, history=not keep_history, now=time.time(), meter=meter)
    result = staging.carry_out(config_dir)
    if result is None or result.problem is not None:
        problem = "another Marge uses the home" if result is None else result.problem
        click.echo(f"marge: nothing was restored: {problem}", err=True)
        return CANNOT_START
    click.echo(f"{result.name}: restored")
    return OK


def _secret(password: str | None, identity: Path | None) -> str | None:
    return password if identity is None else identity.read_text("utf-8", "replace")[:MAX_IDENTITY]


@contextmanager
def _progress() -> Iterator[Meter]:
    """A bar on the terminal; whoever reads standard output gets nothing of it."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("")
        yield Meter(lambda meter: bar.update(
            task, description=_STEPS.get(meter.step, ""), completed=meter.done, total=meter.total
        ))  # fmt: skip


def _path(backup: str, config_dir: Path) -> Path:
    from marge.backup import write
    from marge.backup.contents import FOLDER

    inside = write.path_of(config_dir / FOLDER, backup)
    path = inside if "/" not in backup and inside.is_file() else Path(backup)
    if not path.is_file():
        raise click.UsageError(f"There is no backup {backup!r}.")
    return path


def _home(config_dir: Path) -> HomeConfig:
    if not config_dir.is_dir():
        raise ConfigError(f"{config_dir} is no home")
    home = load_home(config_dir, os.environ)
    if home.fatal:
        raise ConfigError("; ".join(str(problem) for problem in home.fatal))
    return home


@contextmanager
def _plain_failures() -> Iterator[None]:
    """What can go wrong with files, in one line."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise MargeError(f"the backup cannot be read or written: {error}") from error
    except MargeError as error:
        raise Unavailable(f"the backup cannot be used: {error}") from error
