"""amqtt as a program of its own: plain asyncio, no gevent. For machines without mosquitto.

It speaks MQTT 3.1.1. Accounts, topics and what is retained are files, as with mosquitto: SIGHUP reads the accounts
again, SIGUSR1 saves what is retained. Sessions of clients that are away are in memory only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path
from typing import Any

MAX_CONNECTIONS = 2_000
PLUGIN = "marge.bridges.broker.amqtt_plugins.MargePlugin"


def configuration(host: str, port: int, websocket_port: int | None, files: dict[str, str]) -> dict[str, Any]:
    """What amqtt is told. `files`: the plugin's settings."""

    def bind(at: int) -> str:
        return f"[{host}]:{at}" if ":" in host else f"{host}:{at}"

    listeners = {"default": {"type": "tcp", "bind": bind(port), "max_connections": MAX_CONNECTIONS}}
    if websocket_port is not None:
        listeners["websocket"] = {"type": "ws", "bind": bind(websocket_port), "max_connections": MAX_CONNECTIONS}
    return {"listeners": listeners, "timeout_disconnect_delay": 2, "plugins": {PLUGIN: files}}


async def serve(options: argparse.Namespace) -> None:
    """Run the broker until SIGTERM or SIGINT."""
    from marge.bridges.broker import amqtt_plugins
    from marge.bridges.broker.amqtt_broker import MargeBroker

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    rights = amqtt_plugins.Rights(Path(options.passwords), Path(options.acl))
    amqtt_plugins.MargePlugin.rights = rights
    loop.add_signal_handler(signal.SIGHUP, rights.read)
    broker = MargeBroker(configuration(options.host, options.port, options.websocket_port, {}))
    broker.rights = rights
    retained = amqtt_plugins.MargePlugin.retained = amqtt_plugins.Retained(broker, Path(options.state_dir))
    loop.add_signal_handler(signal.SIGUSR1, retained.save_soon)
    await broker.start()
    print(f"amqtt listens on {options.host}:{options.port}", flush=True)  # noqa: T201 - the parent logs our lines
    await stop.wait()
    await retained.save_last()
    with contextlib.suppress(Exception):  # it ends in any case; the process is the unit of cleaning up
        await asyncio.wait_for(broker.shutdown(), 2)


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve. Exit code 1 when the port cannot be used."""
    parser = argparse.ArgumentParser(prog="amqtt_child")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1883)
    parser.add_argument("--websocket-port", type=int)
    parser.add_argument("--passwords", required=True)
    parser.add_argument("--acl", required=True)
    parser.add_argument("--state-dir", required=True)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    try:
        asyncio.run(serve(options))
    except OSError as exc:
        print(f"cannot listen on {options.host}:{options.port}: {exc}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
