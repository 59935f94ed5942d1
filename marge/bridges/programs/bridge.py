"""A configured program as a supervised child: its account, environment and log, and whether it says `online`."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import native
from marge.bridges.endpoint import ACCOUNTS, Endpoint, endpoint_of, program_topics
from marge.bridges.process import Command, ProcessBridge
from marge.bridges.programs.log_file import LogFile
from marge.errors import BridgeError

if TYPE_CHECKING:
    from marge.config.mqtt_values import BridgeProgram
    from marge.home import Home

TOPICS = "mqtt_topics"
PATIENCE_S = 30.0
"""After that a program that has not said `online` is no longer just starting."""
PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "VIRTUAL_ENV", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of our environment: the rest may hold secrets of ours."""
NICENESS = 5


class Said(NamedTuple):
    """The program's retained status, as the broker has it. Told by the MQTT bridge."""

    text: str


class ProgramBridge(ProcessBridge):
    """Runs one program. Fails when it ends. `degraded` until it says `online`, and when it says anything else."""

    kind = "programs"
    lines_per_second = 200

    def __init__(self, home: Home, program: BridgeProgram) -> None:
        super().__init__(home)
        self.program = program
        self.topics = program_topics(program.name)
        folder = Path(home.config.config_dir) / ".marge"
        self.directory = Path(program.directory) if program.directory else folder / "bridges" / program.name
        if not self.directory.is_absolute():
            self.directory = Path(home.config.config_dir) / self.directory
        self.log_file = LogFile(folder / "logs" / f"bridge-{program.name}.log", program.log_mb << 20)
        self.said: str | None = None
        self._password = ""
        self._unfollow: Callable[[], None] | None = None
        self._since = time.monotonic()

    def command(self) -> Command:
        endpoint = endpoint_of(self.home)
        if endpoint is None:
            raise BridgeError("there is no broker to speak to: set `marge: broker:`")
        username, password = self._credential(endpoint)
        self._password = password or ""
        try:
            native.run(_make_directory, self.directory)
        except OSError as exc:
            raise BridgeError(f"{self.directory} cannot be made: {exc.strerror or exc}") from exc
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= self.program.environment
        environment |= {
            "MARGE_BRIDGE_NAME": self.program.name,
            "MARGE_MQTT_HOST": endpoint.host,
            "MARGE_MQTT_PORT": str(endpoint.port),
            "MARGE_MQTT_TRANSPORT": endpoint.transport,
            "MARGE_MQTT_WS_PATH": endpoint.ws_path,
            "MARGE_MQTT_USERNAME": username or "",
            "MARGE_MQTT_PASSWORD": password or "",
            "MARGE_MQTT_TLS": "" if endpoint.tls is None else "insecure" if endpoint.tls.insecure else "on",
            "MARGE_MQTT_CA": "" if endpoint.tls is None else endpoint.tls.ca or "",
        }
        program = self.program
        return Command(
            program.command, environment, program.memory_mb << 20, program.descriptors, str(self.directory),
            inherits=False, niceness=NICENESS,
        )  # fmt: skip

    def on_start(self) -> None:
        topics = self.home.shared.get(TOPICS)
        if topics is not None:
            path = self.path

            def heard(message: Any) -> None:
                self.system.tell(path, Said((message.text or "")[:100].strip()))

            self._unfollow = topics.follow(self.topics.status, heard, 1)
        super().on_start()

    def on_ready(self) -> None:
        self._judge()

    def on_receive(self, message: Any) -> Any:
        match message:
            case Said("offline") if self.said is None:
                return None  # not its word: Marge's own while it starts, or what its predecessor left
            case Said(text):
                if text != self.said:
                    self.log.info("says", program=self.program.name, status=text)
                self.said = text
                if self.status in ("running", "degraded"):
                    self._judge()
            case _:
                return super().on_receive(message)
        return None

    def describe(self) -> dict[str, Any]:
        if self.status == "degraded" and self.said is None and time.monotonic() - self._since > PATIENCE_S:
            self.note_error(f"it has not said `online` on {self.topics.status}")
        return super().describe()

    def process_figures(self) -> dict[str, Any]:
        return {
            "program": self.program.command[0], "said": self.said, "log_file": str(self.log_file.path),
            "log_lost": self.log_file.lost,
        }  # fmt: skip

    def shown_line(self, text: str) -> str:
        return text.replace(self._password, "***") if self._password else text

    def line_writer(self, level: str) -> Callable[[str], None]:
        return self.log_file.add

    def release(self) -> None:
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None
        super().release()
        self.log_file.flush()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _judge(self) -> None:
        self.status = "running" if self.said == "online" else "degraded"
        if self.status == "running":
            self.last_error = None
        elif self.said is not None:
            self.note_error(f"it says `{self.said}` on {self.topics.status}")

    def _credential(self, endpoint: Endpoint) -> tuple[str | None, str | None]:
        """The program's account. At an external broker its topics are that broker's business."""
        program, topics = self.program, self.topics
        accounts = self.home.shared.get(ACCOUNTS)
        if endpoint.is_own and accounts is not None:
            username, password = accounts.account(
                program.name, publish=(*topics.publish, *program.publish),
                subscribe=(*topics.subscribe, *program.subscribe),
            )  # fmt: skip
            return username, password
        if program.username is not None:
            return program.username, program.password
        self.log.warning("uses Marge's own account at the broker: give it one with `username`", program=program.name)
        return endpoint.username, endpoint.password


def _make_directory(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
