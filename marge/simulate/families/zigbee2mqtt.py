"""`marge simulate zigbee2mqtt`: one or several zigbee2mqtts with everything they can do. Not here: what they say."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from random import Random
from types import FrameType

import click

from marge.simulate.network import Network
from marge.simulate.runner import Runner
from marge.simulate.zigbee.behaviour import Behaviour
from marge.simulate.zigbee.estate import MAX_DEVICES, furnish, house_of

_SHARE = click.FloatRange(0, 1)
_SECONDS = click.FloatRange(min=0, max=3600)


@click.command("zigbee2mqtt")
@click.option("--host", default="127.0.0.1", show_default=True, help="Host of the MQTT broker.")
@click.option("--port", default=1884, show_default=True, envvar="MARGE_MQTT_PORT", help="Port of the MQTT broker.")
@click.option("--username", default=None, help="User name for the broker.")
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password for the broker.",
)
@click.option(
    "--base-topic",
    "base_topics",
    multiple=True,
    default=["zigbee2mqtt"],
    show_default=True,
    help="First levels of the topics; each time it is given there is one more zigbee2mqtt.",
)
@click.option(
    "--discovery-prefix", default="homeassistant", show_default=True, help="First level of the discovery topics."
)
@click.option("--devices", default=None, type=click.IntRange(1, MAX_DEVICES), help="[default: the demo house]")
@click.option("--rate", default=0.0, show_default=True, type=click.FloatRange(0, 50_000), help="Messages a second.")
@click.option("--drift", "drift_s", default=60.0, show_default=True, type=_SECONDS, help="Seconds between changes.")
@click.option("--no-discovery", is_flag=True, help="As with `homeassistant: enabled: false`.")
@click.option(
    "--birth-delay",
    default=30.0,
    show_default=True,
    type=_SECONDS,
    help="Seconds from Home Assistant's birth message to announcing everything again.",
)
@click.option(
    "--newcomers",
    default=1,
    show_default=True,
    type=click.IntRange(0, 100),
    help="Devices that join each time that joining is opened.",
)
@click.option("--join-after", default=3.0, show_default=True, type=_SECONDS, help="Seconds until each of them joins.")
@click.option("--interview", "interview_s", default=3.0, show_default=True, type=_SECONDS, help="How long one takes.")
@click.option("--interview-failures", default=0.0, show_default=True, type=_SHARE, help="Which share fails.")
@click.option("--ota", "ota_s", default=60.0, show_default=True, type=_SECONDS, help="Seconds of a firmware update.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same drift, delays and failures.")
@click.option("--exit-with-parent", is_flag=True, help="End when the process that started this one is gone.")
def command(
    host: str, port: int, username: str | None, password_file: Path | None, base_topics: tuple[str, ...],
    discovery_prefix: str, devices: int | None, rate: float, drift_s: float, no_discovery: bool, birth_delay: float,
    newcomers: int, join_after: float, interview_s: float, interview_failures: float, ota_s: float, seed: int,
    exit_with_parent: bool,
) -> None:  # fmt: skip
    """zigbee2mqtt with groups, firmware updates, joining, leaving, renaming and its network map."""
    password = password_file.read_text(encoding="utf-8").partition("\n")[0].strip() if password_file else None
    behaviour = Behaviour(
        discovery=not no_discovery, full=True, birth_delay_s=birth_delay, join_s=join_after, interview_s=interview_s,
        newcomers=newcomers, interview_failures=interview_failures, ota_s=ota_s,
    )  # fmt: skip
    runners = []
    for number, base in enumerate(dict.fromkeys(base_topics), 1):
        network = Network(house_of(devices, number), Random(seed), base, discovery_prefix, behaviour)
        furnish(network.house, network.groups)
        runners.append(
            Runner(network, host, port, username, password, drift_s, exit_with_parent, rate=rate / len(base_topics))
        )
    run(runners)


def run(runners: list[Runner]) -> None:
    """Run all until SIGTERM or SIGINT. Call it from the main thread."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        for runner in runners:
            runner.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    others = [threading.Thread(target=runner.run) for runner in runners[1:]]
    for thread in others:
        thread.start()
    try:
        runners[0].run()
    finally:
        on_signal(0, None)
        for thread in others:
            thread.join()
