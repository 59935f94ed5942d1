"""The subcommands of `marge simulate`, found by name."""

from __future__ import annotations

import importlib
import pkgutil

import click

from marge.simulate import families


class Families(click.Group):
    """A family's module is imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = (m.name for m in pkgutil.iter_modules(families.__path__) if not m.name.startswith("_"))
        return sorted(name.replace("_", "-") for name in names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = importlib.import_module(f"{families.__name__}.{module}").command
        return command
