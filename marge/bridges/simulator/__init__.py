"""The simulated house of the demo home, as a supervised child: `marge simulate` against our broker."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from marge.actors import ChildSpec
from marge.bridges.base import BACKOFF, BridgeKind
from marge.bridges.endpoint import ACCOUNTS, endpoint_of
from marge.bridges.process import Command, ProcessBridge
from marge.errors import BridgeError

if TYPE_CHECKING:
    from marge.home import Home

ACCOUNT = "simulator"


class SimulatorBridge(ProcessBridge):
    """Runs `marge simulate`. It owns no entities: they come by discovery, like a real gateway's."""

    kind = "simulator"

    def command(self) -> Command:
        endpoint = endpoint_of(self.home)
        if endpoint is None:
            raise BridgeError("there is no broker: set `marge: broker:`")
        username, password = endpoint.username, endpoint.password
        accounts = self.home.shared.get(ACCOUNTS)
        if endpoint.is_own and accounts is not None:
            username, password = accounts.account(ACCOUNT, publish=("#",), subscribe=("#",))
        folder = self.home.config.config_dir / ".marge"
        folder.mkdir(exist_ok=True)
        arguments = [sys.executable, "-m", "marge", "simulate", "--host", endpoint.host]
        arguments += ["--port", str(endpoint.port)]
        # A real house keeps its lamps on while the server restarts; so does this one.
        arguments += ["--state-file", str(folder / "simulated-house.json")]
        if username:
            arguments += ["--username", username]
            arguments += ["--password-file", str(self._password_file(folder, password or ""))]
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
