"""The simulated house of the demo home, as a supervised child: `marge simulate` against our broker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind
from marge.bridges.process import Command, ProcessBridge

if TYPE_CHECKING:
    from marge.home import Home

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}


class SimulatorBridge(ProcessBridge):
    """Runs `marge simulate`. It owns no entities: they come by discovery, like a real gateway's."""

    kind = "simulator"

    def command(self) -> Command:
        settings = self.home.config.marge
        if settings.broker == "external" and settings.broker_host:
            host, port = settings.broker_host, settings.broker_port
        else:
            host, port = _EVERYWHERE.get(settings.mqtt_host, settings.mqtt_host), settings.mqtt_port
        folder = self.home.config.config_dir / ".marge"
        folder.mkdir(exist_ok=True)
        arguments = [sys.executable, "-m", "marge", "simulate", "--host", host, "--port", str(port)]
        # A real house keeps its lamps on while the server restarts; so does this one.
        arguments += ["--state-file", str(folder / "simulated-house.json")]
        if settings.broker == "external" and settings.broker_username:
            arguments += ["--username", settings.broker_username]
            arguments += ["--password-file", str(self._password_file(folder, settings.broker_password or ""))]
        return Command(tuple(arguments), memory_bytes=512 << 20, descriptors=256)

    @staticmethod
    def _password_file(folder: Path, password: str) -> Path:
        """A file for the child's eyes: an argument would be seen by everybody on the machine."""
        path = folder / "simulator-password"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(password + "\n")
        return path


def specs(home: Home) -> list[ChildSpec]:
    """One child where the home wants a simulated house."""
    if not home.config.marge.simulator or home.config.marge.broker == "none":
        return []
    return [ChildSpec("simulator", SimulatorBridge, (home,), backoff=BACKOFF)]


BRIDGE = BridgeKind("simulator", specs, "Simulated house")
