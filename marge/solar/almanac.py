"""The server's side of the sun: the table in use, who waits for one, and the actor that has one made.

    no table ──needed──▶ making ──▶ known ──another place, soon too short──▶ making (the old one serves on)
                           └──failed──▶ waiting 1, 5, 30, 60, 300 s ──▶ making

Making is a child process that ends with its answer: some tenths of a second once a year, and whenever the place changes
or the home's time is set far away. The table is stored, so a home that starts anew has it at once.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from gevent import subprocess

from marge.actors import ChildSpec, PinnedActor, Supervisor, Timer
from marge.errors import AlreadyExists, MargeError, Unavailable
from marge.model import loads
from marge.solar.table import Place, SunTable
from marge.util.child import before_exec
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.home import Home

log = structlog.get_logger("marge.solar")

HELPERS_PATH = "/helpers"
PATH = f"{HELPERS_PATH}/almanac"
_SHARED = "almanac"
_KEY = "sun/table"

LIMIT_S = 120.0
"""A slow board under load takes five seconds."""
PAUSES_S = (1.0, 5.0, 30.0, 60.0, 300.0)
_MEMORY_BYTES = 1 << 30
_NICENESS = 5
_MAX_REASON = 300
_OPENBLAS = {"OPENBLAS_NUM_THREADS": "1"}
"""Its threads would take 30 MB a processor and have nothing to do."""


class Make(NamedTuple):
    """A table is needed, or may be: look whether it still is, and make it.

    Attributes:
        is_retry: the pause after a failure is over.
    """

    is_retry: bool = False


class Almanac:
    """The table in use, in `home.shared["almanac"]`. On the hub; nothing here waits but `load`.

    Attributes:
        table: None until the first one is there.
        problem: why there is no newer one, for people; None while all is well.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self.table: SunTable | None = None
        self.problem: str | None = None
        self._wanted: float | None = None
        self._waiting: dict[object, tuple[float, Callable[[], object]]] = {}

    @property
    def place(self) -> Place:
        """The home's, now."""
        config = self._home.config
        return Place(float(config.latitude), float(config.longitude), float(config.elevation))

    @property
    def wanted(self) -> float | None:
        """The moment that the next table is needed for; None: none is."""
        return self._wanted

    def exact(self, at: float) -> SunTable | None:
        """The table for this moment and the home's place; None: it is not there yet, and being made."""
        table = self.table
        if table is None or not table.covers(at) or table.place != self.place:
            self._want(at)
            return None
        if table.is_short(at):
            self._want(at)
        return table

    def nearly(self, at: float) -> tuple[SunTable, float]:
        """The table for this moment, or the one there is and the seconds to add so that it covers the moment.

        What it says is minutes off at most, while a better one is being made.

        Raises:
            Unavailable: there has never been a table.
        """
        table = self.exact(at) or self.table
        if table is None:
            raise Unavailable(f"the times of the sun are not known yet{f': {self.problem}' if self.problem else ''}")
        return table, table.shift_for(at)

    def when_known(self, owner: object, at: float, then: Callable[[], object]) -> None:
        """Call `then()`, which must not wait, once the table for this moment is there; at once when it is.

        It takes the place of what the same owner has waited for before.
        """
        self.forget(owner)
        if self.exact(at) is None:
            self._waiting[owner] = (at, then)
        else:
            then()

    def forget(self, owner: object) -> None:
        """The owner waits no more."""
        self._waiting.pop(owner, None)

    def load(self) -> None:
        """Take the stored table, unless there is one. Waits for the database."""
        if self.table is not None:
            return
        try:
            document = self._home.storage.load(_KEY)
            if document is not None and self.table is None:
                self.take(SunTable.of_document(document))
        except (MargeError, ValueError) as exc:
            log.warning("the stored times of the sun are not used; they are worked out anew", reason=str(exc))

    def take(self, table: SunTable) -> None:
        """A table has come: use it, and tell those who waited for it."""
        self.table = table
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not self._is_enough(wanted):
            self._want(wanted)  # the home has moved meanwhile
        for owner, (at, then) in list(self._waiting.items()):
            if self.exact(at) is None:
                continue
            self.forget(owner)
            try:
                then()
            except Exception as exc:  # noqa: BLE001 - the border: one who waited
                log.error("what waited for the times of the sun failed", exc_info=exc)

    def _is_enough(self, at: float) -> bool:
        table = self.table
        return table is not None and table.place == self.place and table.covers(at) and not table.is_short(at)

    def _want(self, at: float) -> None:
        """Ask for a table; one at a time. Who waits for another moment asks again when this one has come."""
        if self._wanted is None:
            self._wanted = at
            self._home.system.tell(PATH, Make())

    def describe(self) -> dict[str, Any]:
        table = self.table
        figures = {"waiting": len(self._waiting), "last_error": self.problem}
        if table is None:
            return figures
        return {"from": iso(table.start)[:10], "until": iso(table.end)[:10], "place": list(table.place), **figures}


class AlmanacActor(PinnedActor):
    """Has tables made when they are wanted. Takes `Make`; owns the child process while there is one.

    A failure does not end it: it says so and tries again later. A restart loses nothing.
    """

    mailbox_limit = 100

    def __init__(self, home: Home, almanac: Almanac) -> None:
        self._home = home
        self._almanac = almanac
        self._failures = 0
        self._made = 0
        self._took_s: float | None = None
        self._retry: Timer | None = None

    def on_start(self) -> None:
        self._almanac.load()
        self.actor_ref.tell(Make())  # a predecessor may have left something undone

    def on_receive(self, message: Any) -> None:
        if not isinstance(message, Make):
            raise TypeError(f"{self.path} does not take {type(message).__name__}")
        if self._retry is not None and not message.is_retry:
            return
        self._retry = None
        at = self._almanac.wanted
        if at is not None:
            self._make_table(at)

    def on_stop(self) -> None:
        if self._retry is not None:
            self._retry.cancel()

    def describe(self) -> dict[str, Any]:
        took = None if self._took_s is None else round(self._took_s, 2)
        return {**self._almanac.describe(), "made": self._made, "took_s": took}

    def _make_table(self, at: float) -> None:
        began, place = time.monotonic(), self._almanac.place
        try:
            with self.waiting_for("the ephemeris"):
                document = ask_child(at, place)
            table = SunTable.of_document(document)
            if table.place != place or not table.covers(at):
                raise ValueError("its process answered another question")
        except (OSError, ValueError, Unavailable) as exc:
            self._note_failure(str(exc) or repr(exc))
            return
        self._took_s = time.monotonic() - began
        self._made += 1
        if self._almanac.problem is not None:
            log.info("the times of the sun are known again")
        self._failures, self._almanac.problem = 0, None
        try:
            self._home.storage.save_soon({_KEY: document})
        except MargeError as exc:
            log.warning("the times of the sun are not saved", reason=str(exc))
        self._almanac.take(table)

    def _note_failure(self, reason: str) -> None:
        pause = PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        self._failures += 1
        self._almanac.problem = reason[:_MAX_REASON]
        has_old = self._almanac.table is not None
        log.warning(
            "the times of the sun could not be worked out", reason=self._almanac.problem, again_in_s=pause,
            meanwhile="the last ones serve" if has_old else "none are known",
        )  # fmt: skip
        self._retry = self.system.clock.after(pause, self.actor_ref, Make(is_retry=True))


def ask_child(at: float, place: Place) -> Any:
    """The document of a table, made by a child process. Only the calling greenlet waits.

    Raises:
        Unavailable: the child was killed, failed or took too long; the text says which.
        OSError: it cannot be started.
        ValueError: its answer is no JSON.
    """
    words = [repr(float(each)) for each in (at, *place)]
    if not all(math.isfinite(float(word)) for word in words):
        raise Unavailable(f"no place or time: {', '.join(words)}")
    child = subprocess.Popen(
        [sys.executable, "-m", "marge.solar.child", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **_OPENBLAS},
        start_new_session=True,
        preexec_fn=before_exec(_MEMORY_BYTES, niceness=_NICENESS),
    )
    try:
        answer, complaint = child.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        raise Unavailable(f"its process {child.pid} did not answer in {LIMIT_S:g} s") from None
    finally:
        if child.poll() is None:  # we are being stopped or killed
            child.kill()
    if child.returncode:
        code = child.returncode
        how = f"was killed by signal {-code}" if code < 0 else f"exited with code {code}"
        last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise Unavailable(f"its process {child.pid} {how}{f': {last}' if last else ''}")
    return loads(answer)


def almanac_of(home: Home) -> Almanac:
    """The home's almanac, and its actor; both are made when somebody asks first."""
    almanac = home.shared.get(_SHARED)
    if not isinstance(almanac, Almanac):
        almanac = home.shared[_SHARED] = Almanac(home)
        ensure_helpers(home)
        home.system.spawn(ChildSpec(PATH.rpartition("/")[2], AlmanacActor, (home, almanac)), HELPERS_PATH)
    return almanac


def ensure_helpers(home: Home) -> None:
    """The supervisor of the sun's actors."""
    if home.system.ref(HELPERS_PATH) is None:
        try:
            home.system.spawn(ChildSpec(HELPERS_PATH.strip("/"), Supervisor))
        except AlreadyExists:
            return
