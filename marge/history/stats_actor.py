"""The actor `/statistics`: every five minutes it has the last five compiled. Not here: arithmetic."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import peewee
import structlog

from marge.actors import PinnedActor
from marge.errors import MargeError
from marge.history import stats_compile
from marge.history import stats_store as store
from marge.history.reader import flush, read
from marge.history.stats_compile import MEAN_TYPES, Sensor
from marge.history.stats_store import HOUR_S, OURS, SHORT_S
from marge.model import Context, Event
from marge.util.breathe import in_turns

if TYPE_CHECKING:
    from marge.actors import Timer
    from marge.home import Home

log = structlog.get_logger("marge.statistics")

LATE_S = 10.0
"""The last changes of the five minutes have been committed by then."""
SENSORS_A_STEP = 200
MAX_MISSED = 288
"""Five minutes that are made good after a pause: a day of them."""
SHORT_EVENT = "recorder_5min_statistics_generated"
HOURLY_EVENT = "recorder_hourly_statistics_generated"


class CompileNow(NamedTuple):
    """Compile what is due. Reply: how many times of five minutes that was."""


class _Due(NamedTuple):
    """The timer."""


class StatisticsActor(PinnedActor):
    """Owns the timer. Each step is a transaction of its own on the database's thread, so commits come in between.

    Takes `CompileNow`. A failure costs nothing: what is due stays due.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._timer: Timer | None = None
        self._last_error: str | None = None
        self._figures = {"compiled": 0, "rows": 0, "last_ms": 0.0}

    def on_start(self) -> None:
        self._wait()

    def on_stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def on_failure(self, exception_type: Any, exception_value: Any, traceback: Any) -> None:
        self.on_stop()

    def on_receive(self, message: Any) -> Any:
        if isinstance(message, CompileNow):
            return self._compile_due()
        if not isinstance(message, _Due):
            raise TypeError(f"statistics do not take {message!r}")
        self._compile_due()
        self._wait()
        return None

    def describe(self) -> dict[str, Any]:
        return {**self._figures, "last_error": self._last_error}

    def _wait(self) -> None:
        now = self.system.clock.now()
        following = (int(now - LATE_S) // SHORT_S + 1) * SHORT_S + LATE_S
        self._timer = self.system.clock.at(following, self.actor_ref, _Due())

    def _compile_due(self) -> int:
        began = self.system.clock.monotonic()
        count = 0
        try:
            with self.waiting_for("the database"):
                flush(self._home)
                until = read(self._home, stats_compile.compiled_until)
                for start in stats_compile.due(until, self.system.clock.now(), MAX_MISSED):
                    self._compile(start)
                    count += 1
        except (peewee.PeeweeException, sqlite3.Error, OSError, MargeError) as exc:
            self._last_error = str(exc)
            log.warning("statistics could not be compiled; they are tried again", problem=str(exc))
        else:
            self._last_error = None
        if count:
            self._figures["compiled"] += count
            self._figures["last_ms"] = round((self.system.clock.monotonic() - began) * 1000, 1)
        return count

    def _compile(self, start: int) -> None:
        sensors = sensors_of(self._home)
        for begin in range(0, len(sensors), SENSORS_A_STEP):
            some = sensors[begin : begin + SENSORS_A_STEP]
            self._figures["rows"] += read(self._home, partial(stats_compile.compile_short, sensors=some, start=start))
        end = start + SHORT_S
        if end % HOUR_S == 0:
            self._compile_hour(end - HOUR_S)
        # Last of all: until it is noted, the same time is compiled again, to the same rows.
        read(self._home, partial(stats_compile.note_compiled, until=end))
        self._tell(SHORT_EVENT)
        if end % HOUR_S == 0:
            self._tell(HOURLY_EVENT)

    def _compile_hour(self, start: int) -> None:
        metas = [meta for meta in read(self._home, store.metas).values() if meta.source == OURS]
        for begin in range(0, len(metas), SENSORS_A_STEP):
            some = metas[begin : begin + SENSORS_A_STEP]
            read(self._home, partial(stats_compile.compile_hour, metas=some, start=start))

    def _tell(self, event_type: str) -> None:
        self.system.bus.publish(Event(event_type, {}, Context.new(), self.system.clock.now()))


def sensors_of(home: Home) -> list[Sensor]:
    """The sensors that statistics are kept of: those with a state class that we know. Lets others in between."""
    found = []
    for state in in_turns(home.states.domain("sensor")):
        state_class = state.attributes.get("state_class")
        if isinstance(state_class, str) and state_class in MEAN_TYPES:
            found.append(Sensor(state.entity_id, state_class))
    return found
