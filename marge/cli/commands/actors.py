"""`marge actors`: the running server's actors, over its REST API. Not here: how the tables look (`actor_view`)."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import click
from rich.console import Console
from rich.live import Live

from marge.cli import actor_view
from marge.cli.api import Api, actor_path, connect
from marge.cli.exit_codes import OK

DEPTH = 20
SIBLINGS = 200
"""As many are looked through for trouble; fewer are shown."""
MOST = 100_000
CANDIDATES = 1000
"""Actors that a refresh of `top` asks for. The server orders by totals, the table by what happened since."""


class Where(NamedTuple):
    """Which server is meant, as far as it was said."""

    url: str | None
    token: str | None
    config_dir: Path | None

    def connect(self) -> Api:
        return connect(self.url, self.token, self.config_dir)


def _where_options(function: Callable[..., Any], *, environment: bool = False) -> Callable[..., Any]:
    """The environment speaks before the command's name only: what is written beats it wherever it stands."""
    url_variable, token_variable = ("MARGE_URL", "MARGE_TOKEN") if environment else (None, None)
    for option in (
        click.option(
            "-c",
            "--config",
            "config_dir",
            type=click.Path(file_okay=False, path_type=Path),
            help="The home on this machine whose server is meant; a token is made when there is none.",
        ),
        click.option("--token", envvar=token_variable, help="An administrator's long-lived token.  [env: MARGE_TOKEN]"),
        click.option(
            "--url",
            envvar=url_variable,
            help="The server.  [env: MARGE_URL; default: the home's, or http://127.0.0.1:8123]",
        ),
    ):
        function = option(function)
    return function


def _with_api(function: Callable[..., int]) -> Callable[..., int]:
    """The options also after the command's name; the function gets the connection as its first argument."""

    @click.pass_obj
    def run(outer: Where, url: str | None, token: str | None, config_dir: Path | None, **others: Any) -> int:
        where = Where(url or outer.url, token or outer.token, config_dir or outer.config_dir)
        return function(where.connect(), **others)

    return functools.update_wrapper(_where_options(run), function)


@click.group()
@functools.partial(_where_options, environment=True)
@click.pass_context
def command(ctx: click.Context, url: str | None, token: str | None, config_dir: Path | None) -> None:
    """Look inside a running server."""
    ctx.obj = Where(url, token, config_dir or ctx.find_object(Path))


@command.command()
@click.argument("path", default="/")
@click.option("--all", "everything", is_flag=True, help="Every child, also where there are hundreds.")
@_with_api
def tree(api: Api, path: str, everything: bool) -> int:
    """The tree below PATH with what matters of each actor."""
    query = urlencode({"path": _absolute(path), "depth": DEPTH, "limit": MOST if everything else SIBLINGS})
    root = api.get(f"/api/actors?{query}")
    Console().print(actor_view.tree(root, limit=None if everything else actor_view.MAX_CHILDREN))
    return OK


@command.command()
@click.option("--sort", type=click.Choice(sorted(actor_view.SORTS)), default="busy", show_default=True)
@click.option("--rows", type=click.IntRange(1, 1000), default=20, show_default=True, help="How many actors to show.")
@click.option("--interval", type=click.FloatRange(0.2, 60), default=2.0, show_default=True, help="Seconds.")
@click.option("--once", is_flag=True, help="Print one table and end; without a terminal this is the default.")
@_with_api
def top(api: Api, sort: str, rows: int, interval: float, once: bool) -> int:
    """The busiest actors, refreshed until Ctrl-C."""
    console = Console()

    def look() -> dict[str, actor_view.Node]:
        query = urlencode({"sort": actor_view.SORTS[sort].server_order, "limit": max(rows, CANDIDATES)})
        return {row["path"]: row for row in api.get(f"/api/actors?{query}")}

    before = look()
    if once or not console.is_terminal:
        console.print(actor_view.top(before, {}, None, sort, rows))
        return OK
    taken = time.monotonic()
    with Live(actor_view.top(before, {}, None, sort, rows), console=console, screen=True, auto_refresh=False) as live:
        while True:
            time.sleep(interval)
            now = look()
            elapsed = time.monotonic() - taken
            live.update(actor_view.top(now, before, elapsed, sort, rows), refresh=True)
            before, taken = now, time.monotonic()


@command.command()
@click.argument("path")
@_with_api
def inspect(api: Api, path: str) -> int:
    """Everything known about one actor."""
    answer: Any = api.get(actor_path(path))
    Console().print_json(data=answer)
    return OK


@command.command()
@click.argument("path")
@_with_api
def restart(api: Api, path: str) -> int:
    """Start one actor anew, also when its supervisor has given up."""
    api.post(actor_path(path) + "/restart")
    click.echo(f"{_absolute(path)} restarted.")
    return OK


@command.command()
@click.option("--rows", type=click.IntRange(1, 200), default=20, show_default=True, help="How many entries to show.")
@click.option("--filter", "text", default="", help="Only those in which this text occurs.")
@_with_api
def audit(api: Api, rows: int, text: str) -> int:
    """What operators did to the running system, the newest first. For the owner's token."""
    answer = api.get(f"/api/console/audit?{urlencode({'limit': rows, 'filter': text})}")
    Console().print(actor_view.audit(answer["rows"]))
    return OK


@command.command()
@_with_api
def waits(api: Api) -> int:
    """Who asks whom since when, and who waits for each other in a circle. For the owner's token."""
    answer = api.get("/api/console/waits")
    for circle in answer["deadlocks"]:
        click.echo("Deadlock: " + " asks ".join([*(wait["asker"] for wait in circle), circle[0]["asker"]]))
    for wait in answer["waits"]:
        click.echo(f"{wait['asker']} asks {wait['target'] or 'somebody'} since {wait['since_s']} s")
    if not answer["waits"]:
        click.echo("Nobody waits for an answer.")
    return OK


def _absolute(path: str) -> str:
    return "/" + path.strip("/")
