"""`marge why`: why a state is as it is, from the running server over its REST API."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
from rich.console import Console
from rich.markup import escape

from marge.cli.api import connect
from marge.cli.exit_codes import OK


@click.command()
@click.argument("entity_id")
@click.option(
    "-c", "--config", "config_dir", type=click.Path(file_okay=False, path_type=Path),
    help="The home on this machine whose server is meant; a token is made when there is none.",
)  # fmt: skip
@click.option("--token", envvar="MARGE_TOKEN", help="A long-lived token.  [env: MARGE_TOKEN]")
@click.option("--url", envvar="MARGE_URL", help="The server.  [env: MARGE_URL; default: the home's]")
@click.option("--json", "as_json", is_flag=True, help="Print everything that is known, for scripts.")
@click.pass_context
def command(
    ctx: click.Context, entity_id: str, config_dir: Path | None, token: str | None, url: str | None, as_json: bool
) -> int:
    """Say why ENTITY_ID is as it is: who or what switched it, and what that followed from."""
    api = connect(url, token, config_dir or ctx.find_object(Path))
    found: Any = api.get(f"/api/why/{quote(entity_id, safe='')}")
    console = Console()
    if as_json:
        console.print_json(data=found)
        return OK
    for depth, step in enumerate(found["steps"]):
        arrow = "" if depth == 0 else "  " * (depth - 1) + "← "
        console.print(f"{arrow}{escape(str(step['text']))}", highlight=False)
    return OK
