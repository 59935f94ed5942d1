"""A real PostgreSQL server for tests, of their own and on a free port; the program comes from the system's packages."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.support.waiting import Patience

USER, PASSWORD = "marge", "secret-of-postgres"
_UNPRIVILEGED = 65_534
"""`nobody`: the server refuses to run as root."""


def find_program() -> str | None:
    """The newest `postgres`; Debian keeps it out of the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), reverse=True)
    return shutil.which("postgres", path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))


class PostgresServer:
    """One server. `url` names a fresh database for each test that asks `new_database`."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = Path(program).resolve(), folder
        self._data = folder / "data"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(folder, self._user, -1)
        password = folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb", "-D", str(self._data), "-U", USER, f"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8",
            "--locale=C", "--no-sync",
        )  # fmt: skip

    def _run(self, name: str, *arguments: str) -> None:
        command = [str(self._program.with_name(name)), *arguments]
        done = subprocess.run(command, user=self._user, capture_output=True, cwd=self._folder)
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}", "fsync=off")
        command = [str(self._program), "-D", str(self._data), "-p", str(self.port)]
        command += [word for setting in settings for word in ("-c", setting)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, user=self._user, stdout=log, stderr=log, cwd=self._folder)
        patience = Patience(60)
        while True:
            try:
                psycopg.connect(self._address("postgres"), connect_timeout=20).close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                assert not patience.is_over(), "the server does not answer"
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it; SIGINT hangs up on its clients, SIGQUIT does not even tidy up."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(60)
            self._process = None

    def new_database(self) -> str:
        """The address of an empty database."""
        self._databases += 1
        name = f"marge{self._databases}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{name}"


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """A server that is gone afterwards. Where there is none the test is skipped, and says so."""
    program = find_program()
    if program is None:
        pytest.skip("PostgreSQL is not installed here, and tests/system-packages.sh could not install it")
    with tempfile.TemporaryDirectory(prefix="marge-postgres-") as folder:
        os.chmod(folder, 0o755)
        server = PostgresServer(program, Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.stop(signal.SIGQUIT)
