"""The embedded broker: which one, its files, its child process. Not here: MQTT clients."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from marge.actors import native
from marge.bridges.broker.accounts import SHARED, Accounts
from marge.bridges.broker.config import Files, Listening, mosquitto_config, probe_host
from marge.bridges.broker.keeping import Keeper, keeper_of, write_private
from marge.bridges.process import PROBE_TIMEOUT_S, Command, ProcessBridge, port_in_use
from marge.errors import BridgeError

# MQTT 3.1.1, sections 3.1, 3.2 and 3.14: clean session, keep-alive 10 s, no client id.
_CONNECT = b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x0a\x00\x00"
_CONNACK = b"\x20"
_DISCONNECT = b"\xe0\x00"

_SBIN = "/usr/sbin:/usr/local/sbin"
"""Debian puts mosquitto where an ordinary user's PATH does not look."""
_DISK_EVERY_S = 60.0
_ACCOUNTS_DELAY_S = 0.05
"""Several accounts that change at once are one SIGHUP."""


class Save(NamedTuple):
    """Let the broker save what it retains. Told to itself."""


class WriteBack(NamedTuple):
    """Bring what the broker saved to disk. Told to itself."""


class AccountsChanged(NamedTuple):
    """The accounts are others now: write them, and let the broker read them. Told to itself."""


def find_mosquitto() -> str | None:
    """The path of mosquitto, or None when it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=_SBIN)


class BrokerBridge(ProcessBridge):
    """The broker that Marge starts: mosquitto, or amqtt where that is not installed.

    Owns the process and its files: configuration, accounts, and what it retains. Fails when the port belongs to
    somebody else, or the process ends.
    """

    kind = "broker"

    def __init__(self, home: Any) -> None:
        super().__init__(home)
        settings = home.config.marge
        self.host: str = settings.mqtt_host
        self.port: int = settings.mqtt_port
        self.websocket_port: int | None = settings.mqtt_websocket_port
        self.program = ""
        persistent = settings.mqtt_persistence
        self.persistent: bool = settings.profile == "ha" if persistent is None else persistent
        self.accounts: Accounts = home.shared[SHARED]
        self._keeper: Keeper = keeper_of(home.shared, Path(home.config.config_dir), self.persistent)
        self._end_listening: Callable[[], None] | None = None
        self._accounts_pending = False

    def command(self) -> Command:
        for port in (self.port, self.websocket_port):
            if port is not None and port_in_use(self.host if self.host != "localhost" else "127.0.0.1", port):
                raise BridgeError(
                    f"port {port} on {self.host} is in use by another program (another MQTT broker?);"
                    " stop it, set `marge: mqtt: port`, or use it with `broker: external`"
                )
        wanted = self.home.config.marge.broker
        mosquitto = find_mosquitto() if wanted in ("auto", "mosquitto") else None
        if mosquitto is None and wanted == "mosquitto":
            raise BridgeError("`broker: mosquitto` is configured, but mosquitto is not installed")
        self.program = "amqtt" if mosquitto is None else "mosquitto"
        try:
            files = native.run(self._prepare)
        except OSError as exc:
            raise BridgeError(f"the broker's files cannot be written: {exc}") from exc
        if mosquitto is not None:
            return Command((mosquitto, "-c", str(files.passwords.with_name("mosquitto.conf"))), memory_bytes=1 << 30,
                           descriptors=8192)  # fmt: skip
        arguments = [sys.executable, "-m", "marge.bridges.broker.amqtt_child", "--host", self.host]
        arguments += ["--port", str(self.port), "--passwords", str(files.passwords), "--acl", str(files.acl)]
        arguments += ["--state-dir", str(files.state_dir)]
        if self.websocket_port is not None:
            arguments += ["--websocket-port", str(self.websocket_port)]
        return Command(tuple(arguments), memory_bytes=1 << 30, descriptors=8192)

    def is_ready(self) -> bool:
        return mqtt_answers(probe_host(self.host), self.port)

    def waits_for(self) -> str:
        return f"{self.program} on {self.host}:{self.port}"

    def process_figures(self) -> dict[str, Any]:
        return {
            "program": self.program, "host": self.host, "port": self.port, "websocket_port": self.websocket_port,
            "anonymous": self.accounts.anonymous, "accounts": len(self.accounts.all()), "persistent": self.persistent,
        }  # fmt: skip

    # -- the actor ---------------------------------------------------------------------------------------------------

    def on_start(self) -> None:
        if not self.accounts.is_filled:  # once: later ones come by `mqtt.reload_users`
            self.accounts.set_users(self.home.config.marge.mqtt_users)
        self._end_listening = self.accounts.listen(self._accounts_changed)
        super().on_start()

    def on_ready(self) -> None:
        self._keeper.failed_starts = 0
        self._after(self._keeper.pause_s(), Save())
        if self.persistent:
            self._after(_DISK_EVERY_S, WriteBack())

    def on_receive(self, message: Any) -> Any:
        match message:
            case Save():
                self._signal(signal.SIGUSR1)
                self._after(native.run(self._keeper.pause_s), Save())
            case WriteBack():
                try:
                    native.run(self._keeper.write_back)
                except OSError as exc:  # a full disk: the copy in memory is still there
                    self.log.warning("retained messages could not be written to disk", reason=str(exc))
                self._after(_DISK_EVERY_S, WriteBack())
            case AccountsChanged():
                self._accounts_pending = False
                native.run(self._write_accounts)
                self._signal(signal.SIGHUP)
            case _:
                return super().on_receive(message)
        return None

    def on_failure(
        self,
        exception_type: type[BaseException] | None,
        exception_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.status == "starting" and self.pid is not None:
            self._keeper.failed_starts += 1
        super().on_failure(exception_type, exception_value, traceback)

    def on_stop(self) -> None:
        super().on_stop()
        try:
            native.run(self._keeper.end)
        except OSError as exc:
            self.log.warning("retained messages could not be written to disk", reason=str(exc))

    def release(self) -> None:
        if self._end_listening is not None:
            self._end_listening()
            self._end_listening = None
        super().release()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _after(self, delay_s: float, message: Save | WriteBack) -> None:
        if self.pid is not None:
            self.home.clock.after(delay_s, self.actor_ref, message)

    def _accounts_changed(self) -> None:
        if not self._accounts_pending:
            self._accounts_pending = True
            self.home.clock.after(_ACCOUNTS_DELAY_S, self.actor_ref, AccountsChanged())

    def _signal(self, number: int) -> None:
        """`ChildExited` is on its way when it is gone."""
        process = self._process
        if process is not None and process.poll() is None:
            process.send_signal(number)

    def _prepare(self) -> Files:
        """Write the broker's files below the home's directory. Blocks."""
        state_dir = self._keeper.prepare()
        files = self._write_accounts()._replace(state_dir=state_dir)
        if self.program == "mosquitto":
            # Started by root mosquitto becomes another user, and the kernel forgets the death signal at that: after a
            # kill -9 of Marge it would keep the port. Whoever does not want a broker as root runs Marge as a user, as
            # the unit does.
            extra = "user root" if os.geteuid() == 0 else ""
            listening = Listening(self.host, self.port, self.websocket_port)
            text = mosquitto_config(listening, self.accounts.anonymous, files, extra)
            write_private(files.passwords.with_name("mosquitto.conf"), text)
        return files

    def _write_accounts(self) -> Files:
        """Blocks."""
        directory = Path(self.home.config.config_dir) / ".marge"
        directory.mkdir(parents=True, exist_ok=True)
        files = Files(directory / "mqtt-passwords", directory / "mqtt-acl", self._keeper.state_dir)
        write_private(files.passwords, self.accounts.password_file())
        write_private(files.acl, self.accounts.acl_file())
        return files


def mqtt_answers(host: str, port: int) -> bool:
    """Whether a broker answers there: it says hello to a nameless client, which then leaves."""
    try:
        with socket.create_connection((host, port), PROBE_TIMEOUT_S) as probe:
            probe.settimeout(PROBE_TIMEOUT_S)
            probe.sendall(_CONNECT)
            answer = probe.recv(4)
            probe.sendall(_DISCONNECT)
    except OSError:
        return False
    return answer[:1] == _CONNACK
