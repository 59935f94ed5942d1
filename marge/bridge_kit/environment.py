"""What Marge tells a program in its environment."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field


class EnvironmentProblem(Exception):
    """The program was not started by Marge, or not by one that it understands."""


@dataclass(frozen=True)
class Environment:
    """Where the broker is and who we are there.

    Attributes:
        name: the bridge's, as in `marge: bridges:`. tls: "" none, "on", "insecure". ca: a file, PEM text, or "".
        transport: tcp or websockets.
    """

    name: str
    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    tls: str = ""
    ca: str = ""
    transport: str = "tcp"
    ws_path: str = "/"

    @property
    def prefix(self) -> str:
        """All topics of this bridge stand below it."""
        return f"marge/bridge/{self.name}"

    @property
    def status_topic(self) -> str:
        """Where it says `online`, retained, and its last will `offline`."""
        return f"marge/integration/{self.name}/status"

    @classmethod
    def read(cls, env: Mapping[str, str] | None = None) -> Environment:
        """From the process's environment.

        Raises:
            EnvironmentProblem: a variable is missing or is no port.
        """
        env = os.environ if env is None else env
        for name in ("MARGE_BRIDGE_NAME", "MARGE_MQTT_HOST", "MARGE_MQTT_PORT"):
            if not env.get(name):
                raise EnvironmentProblem(f"{name} is not set; Marge sets it when it starts a bridge")
        if not env["MARGE_MQTT_PORT"].isdigit():
            raise EnvironmentProblem("MARGE_MQTT_PORT is no number")
        return cls(
            env["MARGE_BRIDGE_NAME"], env["MARGE_MQTT_HOST"], int(env["MARGE_MQTT_PORT"]),
            env.get("MARGE_MQTT_USERNAME", ""), env.get("MARGE_MQTT_PASSWORD", ""), env.get("MARGE_MQTT_TLS", ""),
            env.get("MARGE_MQTT_CA", ""), env.get("MARGE_MQTT_TRANSPORT") or "tcp",
            env.get("MARGE_MQTT_WS_PATH") or "/",
        )  # fmt: skip

    def tls_context(self) -> ssl.SSLContext | None:
        """How to encrypt; None: not at all."""
        if not self.tls:
            return None
        context = ssl.create_default_context()
        if "-----BEGIN" in self.ca:
            context.load_verify_locations(cadata=self.ca)
        elif self.ca:
            context.load_verify_locations(cafile=self.ca)
        if self.tls == "insecure":
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
