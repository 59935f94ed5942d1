"""`marge check-config`: everything that is wrong with a home's files, without starting it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click
import orjson

from marge.cli.exit_codes import BAD_INPUT, OK
from marge.cli.options import config_option
from marge.config import ConfigProblem, load_home

_COLORS = {"fatal": "red", "error": "red", "warning": "yellow"}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def command(config_dir: Path, as_json: bool) -> int:
    """Read the home's files and report what is wrong with them.

    The exit code is 2 when there is an error, 0 otherwise; warnings alone are no error.
    """
    if not config_dir.is_dir():
        raise click.UsageError(f"There is no home in {config_dir}.")
    # The automation engine, which `--help` does not need.
    from marge.integrations.checking import check_pieces
    from marge.templating.offline import compile_check_of

    home = load_home(config_dir, os.environ)
    found = check_pieces(home, compile_check_of(home))
    problems = [*home.problems, *(problem for problem in found if problem is not None)]
    failed = any(problem.severity != "warning" for problem in problems)
    if as_json:
        click.echo(orjson.dumps({"valid": not failed, "problems": problems}, option=orjson.OPT_INDENT_2))
    else:
        for problem in problems:
            click.echo(_line(problem))
        click.echo(f"{len(home.sections)} sections read, {_summary(problems)}.")
    return BAD_INPUT if failed else OK


def _line(problem: ConfigProblem) -> str:
    return f"{click.style(problem.severity, fg=_COLORS[problem.severity], bold=True)} {problem}"


def _summary(problems: Sequence[ConfigProblem]) -> str:
    if not problems:
        return "nothing wrong"
    counts = {severity: sum(p.severity == severity for p in problems) for severity in _COLORS}
    return ", ".join(f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts.items() if count)
