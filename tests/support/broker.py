"""A real MQTT broker in a child process on a free port: mosquitto when it is installed, else amqtt."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from tests.support.waiting import Patience

START_DEADLINE_S = 60.0
ATTEMPTS = 5
"""Somebody else may take the free port between finding it and using it."""

MOSQUITTO_CONF = """listener {port} 127.0.0.1
allow_anonymous true
persistence false
max_queued_messages 0
max_inflight_messages 0
log_type error
"""

AMQTT_PROGRAM = """
import asyncio, logging, sys
from amqtt.broker import Broker
logging.basicConfig(level=logging.ERROR)
config = {
    "listeners": {"default": {"type": "tcp", "bind": "127.0.0.1:" + sys.argv[1]}},
    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
}
async def main():
    broker = Broker(config)
    await broker.start()
    await asyncio.Event().wait()
asyncio.run(main())
"""


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def mosquitto_path() -> str | None:
    """Where mosquitto is, also when the `sbin` folders are not on the PATH; None: not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin")


def start_broker(kind: str = "auto", port: int | None = None) -> tuple[str, int, subprocess.Popen[bytes]]:
    """Start a broker and wait until it answers: `(host, port, process)`. End it with `stop_broker(process)`.

    Args:
        kind: "mosquitto", "amqtt" or "auto" (mosquitto if it is installed).
        port: a fixed one, to bring a broker back where it was; None finds a free one.
    """
    for _ in range(ATTEMPTS):
        chosen = port or free_port()
        process = subprocess.Popen(_command(kind, chosen), stdin=subprocess.DEVNULL)
        if _answers(chosen, process):
            return "127.0.0.1", chosen, process
        stop_broker(process)
    raise RuntimeError(f"no broker of kind {kind!r} came up")


def stop_broker(process: subprocess.Popen[bytes]) -> None:
    """End the child and reap it. Harmless when it has ended already."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(60)


def _command(kind: str, port: int) -> list[str]:
    mosquitto = mosquitto_path() if kind in ("auto", "mosquitto") else None
    if mosquitto is not None:
        conf = Path(mkdtemp(prefix="broker-")) / "mosquitto.conf"
        # mosquitto drops root's rights by itself and must still be able to read its file.
        conf.parent.chmod(0o755)
        conf.write_text(MOSQUITTO_CONF.format(port=port))
        return [mosquitto, "-c", os.fspath(conf)]
    return [sys.executable, "-c", AMQTT_PROGRAM, str(port)]


def _answers(port: int, process: subprocess.Popen[bytes]) -> bool:
    patience = Patience(START_DEADLINE_S)
    while not patience.is_over() and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False
