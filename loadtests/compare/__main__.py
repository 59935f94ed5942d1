"""Marge beside a real Home Assistant, in one run. Run: python -m loadtests.compare [--seconds 1] [--rounds 11]

Prints the differences in what identical calls bring back, then rates and their ratios, the template engines alone, and
MQTT devices. Without a Python that Home Assistant runs on, it says so and ends with 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from loadtests.compare import mqtt, speed, templates
from loadtests.compare.calls import Client, compare
from loadtests.compare.peer import NoPeer, install, running
from tests.conformance.configuration import CONFIGURATION, FILES
from tests.support.server import Server, server_in
from tests.templating.recorded_home import recorded

WANTED = {
    "GET /api/states/<id>": 5.0, "POST /api/states/<id>": 5.0, "service call": 5.0, "template": 3.0,
    speed.REFERENCE: templates.WANTED, "WebSocket deliveries": 6.0,
    mqtt.DISCOVERIES: 3.0, mqtt.STATES: 3.0,
}  # fmt: skip
PEER_CONFIGURATION = CONFIGURATION.replace("schedule:\n", "") + "api:\nwebsocket_api:\nconfig:\nrecorder:\nhistory:\n"
MARGE_CONFIGURATION = CONFIGURATION + "marge:\n  broker: external\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--only", choices=["calls", "speed", "templates", "mqtt"])
    parser.add_argument("--messages", type=int, default=20_000, help="of MQTT devices, in each round")
    parser.add_argument("--mqtt-rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures to this file, too")
    options = parser.parse_args(arguments)
    try:
        program = install()
        if options.only == "templates":
            _print_engines(templates.compare_engines(program.with_name("python")))
            return 0
        if options.only == "mqtt":
            return _print_devices(*mqtt.compare_mqtt(program, options.messages, options.mqtt_rounds), options.json)
        with (
            tempfile.TemporaryDirectory() as folder,
            server_in(Path(folder)) as marge,
            running(program, Path(folder), PEER_CONFIGURATION, FILES) as peer,
        ):
            _start(marge)
            if options.only == "calls" or options.only is None:
                _print_differences(Client(peer.url, peer.token), Client(marge.url, marge.token))
            if options.only == "calls":
                return 0
            sides = (
                speed.Side("Home Assistant", peer.port, peer.token, peer.pid),
                speed.Side("Marge", marge.port, marge.token, marge.pid),
            )
            texts = [text for text, variables in templates.reference() if variables is None]
            states = recorded("setup.json.gz")["states"]
            rates = speed.measure(*sides, options.seconds, options.rounds, texts, states)
            short = _print_rates(rates, options.json)
        _print_engines(templates.compare_engines(program.with_name("python")))
        if options.only is None:
            found = mqtt.compare_mqtt(program, options.messages, options.mqtt_rounds)
            short |= _print_devices(*found, options.json)
        return short
    except NoPeer as exc:
        print(f"skipped: {exc}")
        return 0


def _start(marge: Server) -> None:
    marge.write(configuration=MARGE_CONFIGURATION)
    for name, text in FILES.items():
        (marge.home / name).write_text(text, "utf-8")
    made = marge.cli("token", "create", "compare", "--config", str(marge.home))
    marge.token = made.stdout.strip()
    marge.start()


def _print_differences(peer: Client, marge: Client) -> None:
    count, found = compare(peer, marge)
    print(f"{count} identical calls, {len(found)} answered differently")
    for call, differing in found.items():
        print(f"  {call}")
        for each in differing[:5]:
            print(f"      {each[:180]}")
    peer.close()
    marge.close()


def _print_engines(seen: templates.Rendered) -> None:
    print(f"\nthe engines alone, {seen.templates} recorded templates; processor time of a render in µs")
    print(f"{'compiled before':<24}{seen.peer_us:>15.1f}{seen.marge_us:>10.1f}{seen.ratio:>8.1f}")
    ratio = seen.peer_first_us / seen.marge_first_us
    print(f"{'for the first time':<24}{seen.peer_first_us:>15.1f}{seen.marge_first_us:>10.1f}{ratio:>8.1f}")


def _print_rates(rates: dict[str, speed.Rates], file: Path | None) -> int:
    print(f"\n{'a second':<24}{'Home Assistant':>15}{'Marge':>10}{'ratio':>8}{'wanted':>8}{'CPU µs each':>18}")
    for case, seen in rates.items():
        verdict = "" if seen.ratio >= WANTED[case] else "  SHORT"
        print(
            f"{case:<24}{seen.peer:>15,.0f}{seen.marge:>10,.0f}{seen.ratio:>8.1f}{WANTED[case]:>8.0f}"
            f"{seen.peer_cpu_us:>10.1f}{seen.marge_cpu_us:>8.1f}{verdict}"
        )
    if file is not None:
        known = json.loads(file.read_bytes()) if file.exists() else {}
        known |= {case: seen._asdict() for case, seen in rates.items()}
        file.write_text(json.dumps(known, indent=1) + "\n")
    return 0 if all(seen.ratio >= WANTED[case] for case, seen in rates.items()) else 1


def _print_devices(rates: dict[str, speed.Rates], wrong: dict[str, int], file: Path | None) -> int:
    print(f"\n{mqtt.SENSORS:,} MQTT sensors with value templates, through one mosquitto")
    short = _print_rates(rates, file)
    made = rates[mqtt.DISCOVERIES]
    print(f"1,000 discoveries take Home Assistant {1000 / made.peer:.2f} s and Marge {1000 / made.marge:.2f} s")
    for name, count in wrong.items():
        if count:
            print(f"{name}: {count} sensors did not show the last that was said")
    return short | (wrong["Marge"] > 0)


if __name__ == "__main__":
    sys.exit(main())
