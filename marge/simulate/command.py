"""`marge simulate`: the options of the simulated house and of the day's player. Not here: what they do."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import structlog

from marge.simulate.families._group import Families


@click.group(cls=Families, invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Host of the MQTT broker.")
@click.option("--port", default=1884, show_default=True, envvar="MARGE_MQTT_PORT", help="Port of the MQTT broker.")
@click.option("--username", default=None, help="User name for the broker.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password for the broker.",
)
@click.option("--base-topic", default="zigbee2mqtt", show_default=True, help="First level of the house's topics.")
@click.option(
    "--discovery-prefix", default="homeassistant", show_default=True, help="First level of the discovery topics."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same drift and delays.")
@click.option(
    "--drift",
    "drift_s",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0),
    help="Seconds between small changes of the sensors; 0: none.",
)
@click.option(
    "--state-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File in which lamps, locks and the like remember their states.  [default: every start is a house at rest]",
)
@click.option("--exit-with-parent", is_flag=True, help="End when the process that started this one is gone.")
@click.option(
    "--day",
    is_flag=True,
    help="Instead of being the house, play an ordinary day in a running demo home and verify every step.",
)
@click.option(
    "--url",
    default="http://localhost:8123",
    show_default=True,
    envvar="MARGE_URL",
    help="Where the home answers (with --day).",
)
@click.option("--token", default=None, envvar="MARGE_TOKEN", help="Access token for it (with --day).")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the token (with --day).",
)
@click.option(
    "--speed",
    default=1200.0,
    show_default=True,
    type=click.FloatRange(min=0, max=100_000),
    help="Seconds of the day a real second (with --day); 0: jump from step to step.",
)
@click.pass_context
def simulate(
    ctx: click.Context,
    host: str,
    port: int,
    username: str | None,
    password_file: Path | None,
    base_topic: str,
    discovery_prefix: str,
    seed: int,
    drift_s: float,
    state_file: Path | None,
    exit_with_parent: bool,
    day: bool,
    url: str,
    token: str | None,
    token_file: Path | None,
    speed: float,
) -> None:
    """The simulated house: 37 Zigbee devices on an MQTT broker, as zigbee2mqtt would show them.

    With --day: an ordinary day in a home that runs with this house. Ends with 0 only if every step was verified.
    With a command: devices of another family, which are reached by their address instead of MQTT.
    """
    if ctx.invoked_subcommand is not None:
        _log_to_standard_error()
        return
    password = _first_line(password_file)
    if day:
        from marge.simulate.day.play import play_day
        from marge.simulate.day.wire import Wire

        wire = Wire(host, port, username, password, base_topic)
        ctx.exit(play_day(url, token or _first_line(token_file), wire, speed))
    from marge.simulate.runner import run_simulator

    _log_to_standard_error()
    run_simulator(
        host,
        port,
        username,
        password,
        seed,
        drift_s,
        base_topic,
        discovery_prefix,
        exit_with_parent=exit_with_parent,
        state_file=state_file,
    )


def _log_to_standard_error() -> None:
    """Text on a terminal, JSON lines for a supervisor; unless the process has set its logging up already."""
    if structlog.is_configured():
        return
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=not terminal),
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _first_line(path: Path | None) -> str | None:
    if path is None:
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[0].strip() if lines else None
