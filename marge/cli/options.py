"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from marge.cli.home_dir import home_dir

F = TypeVar("F", bound=Callable[..., Any])


def config_option(function: F) -> F:
    """`--config DIR`, given before or after the command's name. The function gets an absolute `config_dir`."""

    def resolve(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path:
        return home_dir(value or ctx.find_object(Path))

    return click.option(
        "-c",
        "--config",
        "config_dir",
        type=click.Path(file_okay=False, path_type=Path),
        callback=resolve,
        help="Directory of the home.  [default: ~/.config/marge]",
    )(function)
