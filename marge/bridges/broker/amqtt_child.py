"""amqtt as a program of its own: plain asyncio, no gevent, nothing of Marge. For machines without mosquitto.

It keeps retained messages in memory only, takes anonymous clients, and speaks MQTT 3.1.1.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from typing import Any

MAX_CONNECTIONS = 2_000


def configuration(host: str, port: int) -> dict[str, Any]:
    """What amqtt is told."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "listeners": {"default": {"type": "tcp", "bind": bind, "max_connections": MAX_CONNECTIONS}},
        "timeout_disconnect_delay": 2,
        "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
    }


async def serve(host: str, port: int) -> None:
    """Run the broker until SIGTERM or SIGINT."""
    from amqtt.broker import Broker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    broker = Broker(configuration(host, port))
    await broker.start()
    print(f"amqtt listens on {host}:{port}", flush=True)  # noqa: T201 - the parent logs our lines
    await stop.wait()
    with contextlib.suppress(Exception):  # it ends in any case; the process is the unit of cleaning up
        await asyncio.wait_for(broker.shutdown(), 2)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve. Exit code 1 when the port cannot be used."""
    parser = argparse.ArgumentParser(prog="amqtt_child")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    try:
        asyncio.run(serve(options.host, options.port))
    except OSError as exc:
        print(f"cannot listen on {options.host}:{options.port}: {exc}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
