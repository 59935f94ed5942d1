"""`marge simulate`: the options of the simulated house and of the day's player. Not here: what they do."""

from __future__ import annotations

import click

from marge.simulate.runner import run_simulator


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="MARGE_MQTT_HOST", help="Host of the MQTT broker."
)
@click.option("--port", default=1884, show_default=True, envvar="MARGE_MQTT_PORT", help="Port of the MQTT broker.")
@click.option("--username", default=None, help="User name for the broker.")
@click.option("--password", default=None, envvar="MARGE_SIMULATE_PASSWORD", help="Password for the broker.")
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
@click.option("--exit-with-parent", is_flag=True, help="End when the process that started this one is gone.")
def simulate(
    host: str,
    port: int,
    username: str | None,
    password: str | None,
    base_topic: str,
    discovery_prefix: str,
    seed: int,
    drift_s: float,
    exit_with_parent: bool,
) -> None:
    """The simulated house: 37 Zigbee devices on an MQTT broker, as zigbee2mqtt would show them."""
    run_simulator(
        host, port, username, password, seed, drift_s, base_topic, discovery_prefix, exit_with_parent=exit_with_parent
    )
