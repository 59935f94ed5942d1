"""Bridges that are child processes: start, limits, log lines, readiness, orderly end. Not here: any protocol."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import gevent
import gevent.event
from gevent import subprocess

from marge.bridges.base import Bridge
from marge.errors import BridgeError
from marge.util.child import before_exec

if TYPE_CHECKING:
    from marge.home import Home

MAX_LINE_BYTES = 2_000
LINES_PER_SECOND = 50
"""A child in a loop of errors must not fill the log; what is left out is counted."""
FLOOD_PAUSE_S = 0.1
"""After each 64 KB of too many lines: reading them all would be all that we do."""
KEPT_LINES = 20
"""The last lines, for the console and for the reason of a failure."""

TERMINATE_S = 3.0
"""Below `ChildSpec.shutdown_s`, so that a child that ignores SIGTERM is killed by us and not forgotten."""
PROBE_EVERY_S = 0.1
PROBE_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Command:
    """How to start a child.

    Attributes:
        arguments: program and arguments; no shell is involved.
        environment: added to ours.
        memory_bytes, descriptors: limits that the kernel keeps; None for ours.
        directory: where it runs.
        inherits: it sees our environment, which may hold secrets of ours. niceness: how much it gives way to others.
        quiet_levels: how its lines are logged: standard output and standard error.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    memory_bytes: int | None = 1 << 30
    descriptors: int | None = 4096
    directory: str | None = None
    line_level: str = "info"
    inherits: bool = True
    niceness: int = 0


class Probe(NamedTuple):
    """Look once more whether the child is ready. Told to itself."""


class ChildExited(NamedTuple):
    """The child process is gone. Told by the greenlet that waits for it."""

    pid: int
    returncode: int


def port_in_use(host: str, port: int) -> bool:
    """Whether a server could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class ProcessBridge(Bridge):
    """A child process and its life. Subclasses say what to start and when it is ready.

    Takes `Probe` and `ChildExited`. Owns the process, in a group of its own. Fails with `BridgeError` when the process
    ends or does not become ready in `ready_s`; every end of the actor ends the process.
    """

    kind = "process"
    ready_s = 20.0
    lines_per_second = LINES_PER_SECOND

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._process: subprocess.Popen[bytes] | None = None
        self._pumps: list[gevent.Greenlet] = []
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._dropped_lines = 0
        self._give_up_at = 0.0
        self._stopping = False

    # -- for subclasses ----------------------------------------------------------------------------------------------

    def command(self) -> Command:
        """What to start. May raise `BridgeError` when it cannot be started now."""
        raise NotImplementedError

    def is_ready(self) -> bool:
        """Whether the child does its work. May wait a second."""
        return True

    def waits_for(self) -> str:
        """What `is_ready` looks for, for people."""
        return "the process"

    def on_ready(self) -> None:
        """The child does its work."""

    def shown_line(self, line: str) -> str | None:
        """What the log shows of a line that the child wrote; None: nothing. Called in the greenlet that reads them."""
        return line

    def line_writer(self, level: str) -> Callable[[str], None]:
        """Where the child's lines go: our log, at this level. It must not wait."""
        write: Callable[[str], None] = getattr(self.log, level)
        return write

    def process_figures(self) -> dict[str, Any]:
        return {}

    # -- the actor ---------------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def figures(self) -> dict[str, Any]:
        return {
            "pid": self.pid,
            "log": list(self._lines),
            "dropped_lines": self._dropped_lines,
            **self.process_figures(),
        }

    def on_start(self) -> None:
        self._launch(self.command())
        self._give_up_at = time.monotonic() + self.ready_s
        self.actor_ref.tell(Probe())

    def on_receive(self, message: Any) -> Any:
        match message:
            case Probe():
                self._wait_until_ready()
            case ChildExited(pid, returncode):
                if self._process is not None and self._process.pid == pid:
                    raise BridgeError(self._obituary(returncode))
            case _:
                raise TypeError(f"{self.path} does not take {type(message).__name__}")
        return None

    def release(self) -> None:
        self._stopping = True
        process, self._process = self._process, None
        if process is not None:
            self._end_process(process)
        gevent.killall(self._pumps, block=False)
        self._pumps = []

    # -- inside ------------------------------------------------------------------------------------------------------

    def _wait_until_ready(self) -> None:
        with self.waiting_for(self.waits_for()):
            while not self.is_ready():
                process = self._process
                if process is None or process.poll() is not None:
                    return  # ChildExited is on its way
                if time.monotonic() > self._give_up_at:
                    raise BridgeError(f"{self.waits_for()} did not answer in {self.ready_s:g} s")
                gevent.sleep(PROBE_EVERY_S)
                if not self.actor_inbox.empty():  # a stop should not have to wait for us
                    self.actor_ref.tell(Probe())
                    return
        if self._process is not None:
            self.status = "running"
            self.log.info("ready", pid=self.pid)
            self.on_ready()

    def _launch(self, command: Command) -> None:
        try:
            self._process = subprocess.Popen(
                command.arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=command.directory,
                env={**(os.environ if command.inherits else {}), **command.environment},
                start_new_session=True,
                preexec_fn=before_exec(command.memory_bytes, command.descriptors, command.niceness),
            )
        except OSError as exc:
            raise BridgeError(f"cannot start {command.arguments[0]}: {exc}") from exc
        self.log.info("started", pid=self._process.pid, program=command.arguments[0])
        self._pumps = [
            gevent.spawn(self._pump, self._process.stdout, command.line_level),
            gevent.spawn(self._watch, self._process),
        ]

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        returncode = process.wait()
        if not self._stopping:
            self.system.deliver(self.actor_ref, ChildExited(process.pid, returncode))

    def _pump(self, stream: IO[bytes], level: str) -> None:
        """Move the child's lines into our log, with bounds on their length and number."""
        write = self.line_writer(level)
        second, in_second, rest = 0, 0, b""
        while chunk := os.read(stream.fileno(), 65_536) if _readable(stream) else b"":
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > MAX_LINE_BYTES:
                lines.append(rest)
                rest = b""
            for line in lines:
                text = line[:MAX_LINE_BYTES].decode("utf-8", "replace").rstrip()
                told = self.shown_line(text)
                if not told:
                    continue
                text = told
                self._lines.append(text)
                now = int(time.monotonic())
                if now != second:
                    second, in_second = now, 0
                in_second += 1
                if in_second <= self.lines_per_second:
                    write(text)
                else:
                    self._dropped_lines += 1
            if in_second > self.lines_per_second:
                gevent.sleep(FLOOD_PAUSE_S)  # its pipe fills up, and it waits

    def _obituary(self, returncode: int) -> str:
        how = f"was killed by signal {-returncode}" if returncode < 0 else f"exited with code {returncode}"
        last = f"; its last line: {self._lines[-1]}" if self._lines else ""
        return f"process {self.pid} {how}{last}"

    def _end_process(self, process: subprocess.Popen[bytes]) -> None:
        """Ask the whole group to end, then make it."""
        if process.poll() is None:
            _signal_group(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=TERMINATE_S)
            except subprocess.TimeoutExpired:
                self.log.warning("did not end when asked; killed", pid=process.pid)
        _signal_group(process.pid, signal.SIGKILL)  # what the child may have started
        process.poll()


def _readable(stream: IO[bytes]) -> bool:
    """Wait until `stream` has something, without holding the hub."""
    gevent.socket.wait_read(stream.fileno())
    return True


def _signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
    except PermissionError:
        return  # the group's leader is a zombie of ours on some kernels
