"""`marge token`: long-lived tokens, straight in the home's database, whether the server runs or not."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from marge.cli.exit_codes import CANNOT_START, OK
from marge.cli.options import config_option
from marge.cli.tokens import database_of, long_lived_tokens, wait_for_server
from marge.errors import InvalidRequest

PIPE_WIDTH = 200


@click.group()
def command() -> None:
    """Make, list and revoke long-lived tokens for programs."""


@command.command()
@click.argument("name")
@config_option
def create(name: str, config_dir: Path) -> int:
    """Make a token called NAME and print it: this once, it is not kept.

    It has the owner's rights. A server that is running takes it at once.
    """
    from marge.auth.models import create_cli_token

    if not name.strip():
        raise click.UsageError("The token needs a name.")
    try:
        with database_of(config_dir) as db:
            secret, _ = create_cli_token(db, name.strip(), time.time())
    except ValueError as error:
        raise InvalidRequest(f"no token was made: {error}") from error
    wait_for_server()
    click.echo(secret)
    return OK


@command.command("list")
@config_option
def list_tokens(config_dir: Path) -> int:
    """Show the long-lived tokens: name, id, when made and last used. Not the tokens themselves."""
    with database_of(config_dir) as db:
        tokens, names = long_lived_tokens(db)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("name", "id", "user", "made", "last used"):
        table.add_column(title, no_wrap=title != "name")
    for token in tokens:
        made, used = _day(token.created_at), _day(token.last_used_at)
        table.add_row(token.name or "", token.id, names.get(token.user_id, "?"), made, used)
    # a pipe has no width of its own, and what reads it needs whole ids
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)
    console.print(table)
    return OK


@command.command()
@click.argument("token")
@config_option
def revoke(token: str, config_dir: Path) -> int:
    """Forget a long-lived TOKEN, given by its id or its name. A running server refuses it within seconds."""
    from marge.auth.models import delete_token

    with database_of(config_dir) as db:
        tokens, _ = long_lived_tokens(db)
        meant = [each for each in tokens if each.id == token] or [each for each in tokens if each.name == token]
        if len(meant) == 1:
            delete_token(db, meant[0].id)
    if not meant:
        click.echo(f"There is no token {token!r}.", err=True)
        return CANNOT_START
    if len(meant) > 1:
        click.echo(f"Several tokens are named {token!r}; name one by its id (`marge token list`).", err=True)
        return CANNOT_START
    click.echo(f"Revoked {meant[0].name!r}.")
    return OK


def _day(epoch: float | None) -> str:
    return "never" if epoch is None else datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%d %H:%M")
