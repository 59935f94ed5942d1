"""The command line: parses and delegates. Not here: logic of the server.

A command is one file in `marge/cli/commands/`, found by its name; `marge` alone runs a home in the foreground.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path
from typing import NoReturn

import click

from marge import log
from marge.cli import commands
from marge.cli.exit_codes import BAD_INPUT, CANNOT_START, INTERNAL_FAILURE, INTERRUPTED, OK
from marge.errors import ConfigError, MargeError


class CommandsByName(click.Group):
    """Commands are imported when they are used, so that each is as quick as what itself needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        names = {module.name.replace("_", "-") for module in pkgutil.iter_modules(commands.__path__)}
        return sorted(names | set(self.commands))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.commands or cmd_name not in self.list_commands(ctx):
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"marge.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(cls=CommandsByName, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-c",
    "--config",
    "config_dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="MARGE_CONFIG",
    help="Directory of the home; made when missing.  [default: ~/.config/marge]",
)
@click.option("--demo", is_flag=True, help="Put the demo home into the directory if that is empty or missing.")
@click.pass_context
def cli(ctx: click.Context, config_dir: Path | None, demo: bool) -> int:
    """Marge, a smart-home server.

    Without a command: runs the home in the foreground until SIGTERM or Ctrl-C.
    """
    ctx.obj = config_dir
    if ctx.invoked_subcommand is not None:
        if demo:
            raise click.UsageError("--demo goes with running a home, not with a command.")
        return OK
    from marge.cli.run import run_home

    return run_home(config_dir, demo=demo)


def main(arguments: list[str] | None = None) -> NoReturn:
    """The console entry point. Ends the process with one of `marge.cli.exit_codes`."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run one command line in this process and give its exit code."""
    # to standard error, since scripts read standard output; a running home sets its own logging up
    log.configure("warning", os.environ.get("MARGE_LOG_FORMAT", "auto"), cache=False)
    try:
        result = cli.main(args=arguments, prog_name="marge", standalone_mode=False)
        return result if isinstance(result, int) else OK
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except ConfigError as error:
        click.echo(f"marge: {error}", err=True)
        return BAD_INPUT
    except MargeError as error:
        click.echo(f"marge: {error}", err=True)
        return CANNOT_START
    except Exception as error:  # noqa: BLE001 - the outermost border: the traceback is the report
        import traceback

        traceback.print_exc()
        click.echo(f"marge: internal failure: {error!r}", err=True)
        return INTERNAL_FAILURE
