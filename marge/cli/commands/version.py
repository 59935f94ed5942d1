"""`marge version`."""

from __future__ import annotations

import platform

import click

from marge.cli.exit_codes import OK
from marge.version import HA_VERSION, VERSION


@click.command()
def command() -> int:
    """Print the versions of Marge, of Python and of the Home Assistant API it speaks."""
    click.echo(f"Marge {VERSION} (Home Assistant API {HA_VERSION}, Python {platform.python_version()})")
    return OK
