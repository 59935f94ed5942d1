"""A home of many virtual entities, as a configuration or over REST into a running server.

Run: python -m loadtests.homes.virtual --count 50000 --config DIR
     python -m loadtests.homes.virtual --count 50000 --url http://localhost:8123 --token TOKEN

Entity number 7 of 50,000 is `light.load_7`, `switch.load_7` or `sensor.load_7`; `entity_id` tells which.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DEFAULT_COUNT = 50_000
DOMAINS = ("light", "switch", "sensor", "sensor")
"""In turn: as in a real home, half of the entities measure."""


def entity_id(number: int) -> str:
    """The same for the same number everywhere, so that clients need no list."""
    return f"{DOMAINS[number % len(DOMAINS)]}.load_{number}"


def entity(number: int) -> dict[str, Any]:
    """State and about six attributes, as devices have them."""
    attributes: dict[str, Any] = {"friendly_name": f"Load {number}", "linkquality": 60 + number % 180}
    domain = DOMAINS[number % len(DOMAINS)]
    if domain == "sensor":
        attributes |= {
            "device_class": "temperature",
            "state_class": "measurement",
            "unit_of_measurement": "°C",
            "battery": number % 101,
        }
        return {"state": f"{15 + number % 100 / 10:.1f}", "attributes": attributes}
    if domain == "light":
        attributes |= {"brightness": number % 256, "color_mode": "brightness", "supported_color_modes": ["brightness"]}
    return {"state": "on" if number % 3 else "off", "attributes": attributes}


def configuration(count: int) -> Iterator[str]:
    """The lines of a `configuration.yaml` without bridges."""
    yield "marge:"
    yield "  broker: none  # MQTT is not what this home is for"
    yield "  virtual_entities:"
    for number in range(count):
        # JSON is YAML, and keeps a home of 50,000 entities at as many lines.
        yield f"    {entity_id(number)}: {json.dumps(entity(number), ensure_ascii=False)}"


def write_configuration(folder: Path, count: int) -> None:
    """Fill a home's directory.

    Raises:
        FileExistsError: it has a configuration already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "configuration.yaml").open("x", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in configuration(count))


def post_all(url: str, token: str, count: int) -> float:
    """Write the states over one connection; the seconds that it took.

    Raises:
        RuntimeError: the server refused one.
    """
    address = urlsplit(url)
    make = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = make(address.netloc, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began = time.monotonic()
    for number in range(count):
        connection.request("POST", f"/api/states/{entity_id(number)}", json.dumps(entity(number)), headers)
        reply = connection.getresponse()
        body = reply.read()
        if reply.status not in (200, 201):
            raise RuntimeError(f"{entity_id(number)}: {reply.status} {body[:200]!r}")
    return time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=DEFAULT_COUNT)
    parser.add_argument("--config", type=Path, help="directory of a new home")
    parser.add_argument("--url", help="of a running server, instead")
    parser.add_argument("--token", help="a long-lived one, with --url")
    options = parser.parse_args()
    if (options.config is None) == (options.url is None):
        parser.error("either --config or --url")
    if options.config is not None:
        write_configuration(options.config, options.count)
        print(f"{options.count} entities in {options.config}/configuration.yaml")
    else:
        if not options.token:
            parser.error("--url needs --token")
        seconds = post_all(options.url, options.token, options.count)
        print(f"{options.count} entities in {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
