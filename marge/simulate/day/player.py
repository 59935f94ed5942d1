"""Plays the chapters: moves the home's clock, makes things happen, and looks until what is expected is seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from marge.simulate.day.errors import DayError
from marge.simulate.day.expectations import Expectation, Seen, State
from marge.simulate.day.rest import Refused
from marge.simulate.day.steps import Chapter, Command, Fire, Physical, Power, Step, Stimulus, Tell

POLL_S = 0.03
SUNSET_LEAD = timedelta(seconds=90)
"""How long before the sunset of `sun.sun` the clock is set: its date may differ from the clock's by a day or two."""
SUNSET_SPEED = 60
READY_S = 30.0
"""How long a home that has just started may take until its devices are discovered."""


class Server(Protocol):
    """What the player needs of the REST client."""

    def request(self, method: str, path: str, body: Any = None) -> Any: ...
    def state(self, entity_id: str) -> State | None: ...
    def notifications(self) -> Collection[str]: ...
    def call(self, domain: str, service: str, data: Any) -> None: ...
    def fire(self, event_type: str) -> None: ...
    def write(self, entity_id: str, state: str) -> None: ...
    def set_time(self, time: str, chapter: str, speed: int) -> None: ...


class Hand(Protocol):
    """What the player needs of the wire to the simulated house."""

    def simulate(self, device: str, change: Any) -> None: ...
    def power(self, on: bool) -> None: ...


@dataclass
class Outcome:
    """What came of one step.

    Attributes:
        at: the time of day it was played at, `HH:MM:SS`.
        seen: what was found for each expectation, in their order; empty if the stimulus itself failed.
        latency_s: from the stimulus until everything expected was seen; None if it never was.
    """

    chapter: str
    step: Step
    at: str
    seen: list[Seen] = field(default_factory=list)
    latency_s: float | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and len(self.seen) == len(self.step.expect) and all(seen.ok for seen in self.seen)


class Player:
    """Plays a day once.

    Args:
        speed: seconds of the home's time a real second while the clock runs from step to step; 0: it jumps.
        sleep, now: real time; a test may give its own.
    """

    def __init__(
        self,
        server: Server,
        hand: Hand,
        speed: float = 0,
        on_step: Callable[[Chapter, Step], None] = lambda chapter, step: None,
        on_outcome: Callable[[Outcome], None] = lambda outcome: None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = server
        self._hand = hand
        self._speed = speed
        self._on_step = on_step
        self._on_outcome = on_outcome
        self._sleep = sleep
        self._now = now
        self._clock: timedelta | None = None
        self.outcomes: list[Outcome] = []
        """What came of the steps played so far."""

    def play(self, chapters: Sequence[Chapter]) -> list[Outcome]:
        """Play everything, also after a step that failed. The home's clock is given back at the end, whatever happens.

        Raises:
            DayError: the server or the broker cannot be used.
        """
        self._wait_until_ready(chapters)
        try:
            for chapter in chapters:
                for step in chapter.steps:
                    self._on_step(chapter, step)
                    self.outcomes.append(self._play(chapter, step))
                    self._on_outcome(self.outcomes[-1])
        finally:
            self._server.set_time("", "", 0)
        return self.outcomes

    def _play(self, chapter: Chapter, step: Step) -> Outcome:
        moment = self._sunset() - SUNSET_LEAD if step.at == "sunset" else time_of_day(step.at)
        outcome = Outcome(chapter.name, step, clock_text(moment))
        try:
            self._travel(chapter, moment)
            started = self._now()
            self._server.set_time(clock_text(moment), chapter.name, SUNSET_SPEED if step.at == "sunset" else 1)
            self._clock = moment
            for stimulus in step.stimuli:
                self._stimulate(stimulus)
            outcome.seen = self._look(step, started + step.within_s)
            if all(seen.ok for seen in outcome.seen):
                outcome.latency_s = self._now() - started
                self._hold(step, outcome)
        except Refused as error:
            outcome.error = str(error)
        return outcome

    def _travel(self, chapter: Chapter, moment: timedelta) -> None:
        """Let the home's clock run to the moment; nothing happens on the way but what the clock itself brings."""
        if self._speed <= 0 or self._clock is None or moment <= self._clock:
            return
        self._server.set_time(clock_text(self._clock), chapter.name, max(1, round(self._speed)))
        self._sleep((moment - self._clock).total_seconds() / max(1, round(self._speed)))

    def _look(self, step: Step, deadline: float) -> list[Seen]:
        """Look until all is as expected, or the deadline has passed; the last look counts."""
        while True:
            seen = [expectation.check(self._server) for expectation in step.expect]
            if all(one.ok for one in seen) or self._now() >= deadline:
                return seen
            self._sleep(POLL_S)

    def _hold(self, step: Step, outcome: Outcome) -> None:
        """Go on looking while the step must stay quiet."""
        until = self._now() + step.quiet_s
        while self._now() < until and outcome.ok:
            self._sleep(POLL_S)
            outcome.seen = [expectation.check(self._server) for expectation in step.expect]

    def _stimulate(self, stimulus: Stimulus) -> None:
        match stimulus:
            case Physical(device, change):
                self._hand.simulate(device, change)
            case Power(on):
                self._hand.power(on)
            case Command(domain, service, data):
                self._server.call(domain, service, data)
            case Fire(event_type):
                self._server.fire(event_type)
            case Tell(entity_id, state):
                self._server.write(entity_id, state)

    def _sunset(self) -> timedelta:
        """The time of day of the next sunset, in the home's time zone."""
        sun = self._server.state("sun.sun")
        text = (sun or {}).get("attributes", {}).get("next_setting")
        if not isinstance(text, str):
            raise DayError("the home has no sun.sun with a next_setting; is `sun:` in its configuration?")
        setting = datetime.fromisoformat(text)
        zone = ZoneInfo(self._server.request("GET", "/api/config")["time_zone"])
        local = (setting if setting.tzinfo is not None else setting.replace(tzinfo=UTC)).astimezone(zone)
        return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)

    def _wait_until_ready(self, chapters: Sequence[Chapter]) -> None:
        """The first step needs every device; a home that has just started may still be discovering them."""
        expected: list[Expectation] = [expectation for chapter in chapters[:1] for step in chapter.steps[:1]
                                       for expectation in step.expect]  # fmt: skip
        entity_ids = [entity_id for one in expected for entity_id in getattr(one, "entity_ids", ())]
        deadline = self._now() + READY_S
        while True:
            missing = [entity_id for entity_id in entity_ids if self._server.state(entity_id) is None]
            if not missing or self._now() >= deadline:
                return  # what is still missing shows in the first step's row
            self._sleep(10 * POLL_S)


def time_of_day(text: str) -> timedelta:
    """`05:30:00` as the time since midnight."""
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def clock_text(moment: timedelta) -> str:
    """The time since midnight as `05:30:00`."""
    seconds = int(moment.total_seconds())
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
