"""psycopg in a native thread: its waiting must not go through gevent's patched `select`. Blocks: not for the hub."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar

import peewee
import psycopg
from gevent import monkey
from psycopg import generators
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait

CONNECT_TIMEOUT_S = 5.0
STATEMENT_TIMEOUT_MS = 60_000
_SETTINGS = {
    "application_name": "marge",
    "client_encoding": "UTF8",
    # a server that has gone without a word is noticed within a minute
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c timezone=UTC -c synchronous_commit=on",
}
_poll = monkey.get_original("select", "poll")
_IN, _OUT, _ERROR = 1, 4, 8 | 16 | 32  # POLLIN, POLLOUT, POLLERR | POLLHUP | POLLNVAL

R = TypeVar("R")


class NativeConnection(psycopg.Connection[Any]):
    """A connection that one native thread uses and waits with. How long it waits is bounded by the server."""

    def wait(self, gen: Any, interval: float = 0.0, timeout: float | None = None) -> Any:
        return run(gen, self.pgconn.socket)


class _Adapter(peewee.Psycopg3Adapter):
    """peewee's own, also where peewee was imported without the driver."""

    txn_idle, txn_inerror, txn_unknown = TransactionStatus.IDLE, TransactionStatus.INERROR, TransactionStatus.UNKNOWN

    def check_driver(self) -> None:
        return

    def get_binary_type(self) -> Any:
        return psycopg.Binary


class OneThreadPostgres(peewee.PostgresqlDatabase):
    """peewee's PostgreSQL without its locks: each instance is used by one thread only."""

    psycopg2_adapter = psycopg3_adapter = _Adapter

    def __init__(self, url: str) -> None:
        super().__init__(url, prefer_psycopg3=True, thread_safe=False, autoconnect=False)

    def _connect(self) -> NativeConnection:
        text = psycopg.conninfo.make_conninfo(self.database, **_SETTINGS)
        connection = NativeConnection(_run_connecting(generators.connect(text)))
        connection.autocommit = True
        return connection


def run(generator: Generator[Any, Any, R], socket: int) -> R:
    """Drive one of psycopg's generators, which say what they wait for, to its end."""
    try:
        wanted = next(generator)
        while True:
            wanted = generator.send(_ready(socket, wanted, None))
    except StopIteration as stop:
        result: R = stop.value
        return result


def _run_connecting(generator: Generator[Any, Any, R]) -> R:
    deadline = time.monotonic() + CONNECT_TIMEOUT_S
    try:
        socket, wanted = next(generator)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                generator.close()
                raise psycopg.OperationalError(f"the server did not answer in {CONNECT_TIMEOUT_S:g} s")
            socket, wanted = generator.send(_ready(socket, wanted, left))
    except StopIteration as stop:
        result: R = stop.value
        return result


def _ready(socket: int, wanted: Any, timeout_s: float | None) -> Any:
    poll = _poll()
    poll.register(socket, (_IN if wanted & Wait.R else 0) | (_OUT if wanted & Wait.W else 0))
    found = poll.poll(None if timeout_s is None else max(1, int(timeout_s * 1000)))
    if not found:
        return Ready.NONE
    events = found[0][1]
    ready = 0
    if events & (_IN | _ERROR) and wanted & Wait.R:
        ready |= Ready.R
    if events & (_OUT | _ERROR) and wanted & Wait.W:
        ready |= Ready.W
    return Ready(ready)
