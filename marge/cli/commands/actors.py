"""`marge actors`: the running server's actors, over its REST API. Not here: how the tables look (`actor_view`)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
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


@click.group()
@click.option("--url", envvar="MARGE_URL", help="The server.  [default: the home's, or http://127.0.0.1:8123]")
@click.option("--token", envvar="MARGE_TOKEN", help="An administrator's long-lived token.")
@click.option(
    "-c",
    "--config",
    "config_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The home on this machine whose server is meant; a token is made when there is none.",
)
@click.pass_context
def command(ctx: click.Context, url: str | None, token: str | None, config_dir: Path | None) -> None:
    """Look inside a running server."""
    ctx.obj = connect(url, token, config_dir or ctx.find_object(Path))


@command.command()
@click.argument("path", default="/")
@click.option("--all", "everything", is_flag=True, help="Every child, also where there are hundreds.")
@click.pass_obj
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
@click.pass_obj
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
@click.pass_obj
def inspect(api: Api, path: str) -> int:
    """Everything known about one actor."""
    answer: Any = api.get(actor_path(path))
    Console().print_json(data=answer)
    return OK


@command.command()
@click.argument("path")
@click.pass_obj
def restart(api: Api, path: str) -> int:
    """Start one actor anew, also when its supervisor has given up."""
    api.post(actor_path(path) + "/restart")
    click.echo(f"{_absolute(path)} restarted.")
    return OK


def _absolute(path: str) -> str:
    return "/" + path.strip("/")
