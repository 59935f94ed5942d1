"""One ffmpeg that listens or watches, and its binary sensor.

States: `stopped` (unavailable) → `starting` → `running` (ffmpeg has opened its input; off until it tells more). When
ffmpeg ends the actor fails, the sensor is unavailable, and the supervisor starts it again with growing pauses.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from marge.actors import Timer
from marge.bridges.ffmpeg.detection import Repetition, changed, heard
from marge.bridges.ffmpeg.program import find_program, motion_arguments, noise_arguments
from marge.bridges.process import Command, Probe, ProcessBridge
from marge.domains.binary_sensor import BinarySensorEntity
from marge.integrations.yaml_entities import entity_id_for
from marge.redact import redact_text

if TYPE_CHECKING:
    from marge.home import Home
    from marge.integrations.yaml_platforms import Item

MOTION = "ffmpeg_motion"
_OPENED = "Output #0"
_WORTH_TELLING = ("error", "failed", "invalid", "refused", "unable", "no such", "timed out", "not found")


class Watched:
    """What outlives a restart of the actor: its configuration, its entity, whether ffmpeg shall run."""

    def __init__(self, item: Item) -> None:
        self.platform, self.conf = item.platform.name, item.conf
        self.wanted = bool(item.conf["initial_state"])
        self.entity = BinarySensorEntity()
        self.entity.name = item.conf["name"]
        self.entity.device_class = "motion" if self.platform == MOTION else "sound"
        self.entity.available = False


class Start(NamedTuple):
    """Let ffmpeg run, unless it does. All three: `only` these entities; None: any."""

    only: frozenset[str] | None = None


class Stop(NamedTuple):
    """End it; the sensor is unavailable until it is started again."""

    only: frozenset[str] | None = None


class Restart(NamedTuple):
    """End it and start anew."""

    only: frozenset[str] | None = None


class Seen(NamedTuple):
    """ffmpeg told something: True: a change or noise, False: silence. Told by the greenlet that reads its lines."""

    something: bool


class Quiet(NamedTuple):
    """The time after which nothing is the case any more. Told by the clock."""


class FfmpegWatch(ProcessBridge):
    """Takes `Start`, `Stop`, `Restart`, `Seen`, `Quiet`. Owns one ffmpeg and one binary sensor."""

    kind = "ffmpeg"
    ready_s = 30.0

    def __init__(self, home: Home, watched: Watched) -> None:
        super().__init__(home)
        self._watched = watched
        self._platform, self._conf, self._entity = watched.platform, watched.conf, watched.entity
        self._repetition = Repetition(self._conf.get("repeat", 1), self._conf.get("repeat_time", 0))
        self._has_opened = False
        self._quiet: Timer | None = None

    # -- the process -------------------------------------------------------------------------------------------------

    def command(self) -> Command:
        arguments = motion_arguments if self._platform == MOTION else noise_arguments
        self._has_opened = False
        return Command(arguments(find_program(self.home), self._conf), memory_bytes=1 << 30, descriptors=256)

    def is_ready(self) -> bool:
        return self._has_opened

    def waits_for(self) -> str:
        return f"ffmpeg opening {redact_text(self._conf['input'])}"

    def on_ready(self) -> None:
        self._show(False, available=True)

    def shown_line(self, line: str) -> str | None:
        if line.startswith(_OPENED):
            self._has_opened = True
        if self._platform == MOTION:
            told = True if changed(line) else None
        else:
            told = heard(line)
        if told is not None:
            self.system.tell(self.path, Seen(told))
            return None
        return redact_text(line) if any(word in line.lower() for word in _WORTH_TELLING) else None

    def process_figures(self) -> dict[str, Any]:
        return {"input": redact_text(self._conf["input"]), "wanted": self._watched.wanted}

    # -- the actor ---------------------------------------------------------------------------------------------------

    def entity_ids(self) -> Iterable[str]:
        return (self._entity.entity_id,) if self._entity.entity_id else ()

    def on_start(self) -> None:
        entities = self.home.entities
        if self._entity.entity_id not in entities.owned and self._entity.entity_id not in entities.parked:
            entity_id = entity_id_for(self.home, self._entity, "ffmpeg", self._conf)
            entities.add(self._entity, entity_id, "ffmpeg")
        if self._watched.wanted:
            super().on_start()
        else:
            self.status = "stopped"

    def on_receive(self, message: Any) -> Any:
        match message:
            case Start(only) | Stop(only) | Restart(only):
                if only is None or self._entity.entity_id in only:
                    if not isinstance(message, Start):
                        self._end_ffmpeg()
                    if not isinstance(message, Stop):
                        self._run_ffmpeg()
            case Seen(something):
                self._tell_seen(something)
            case Quiet():
                self._quiet = None
                self._show(False)
            case Probe() if not self._watched.wanted:
                return None  # it was stopped while it started
            case _:
                return super().on_receive(message)
        return None

    def release(self) -> None:
        if self._quiet is not None:
            self._quiet.cancel()
            self._quiet = None
        super().release()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _run_ffmpeg(self) -> None:
        self._watched.wanted = True
        if self.pid is None:
            self._stopping, self.status = False, "starting"
            super().on_start()

    def _end_ffmpeg(self) -> None:
        self._watched.wanted = False
        self.release()
        self.status = "stopped"
        self.mark_unavailable()

    def _tell_seen(self, something: bool) -> None:
        if self.status != "running":
            return
        if something and (self._platform != MOTION or self._repetition.seen(time.monotonic())):
            self._show(True)
        elif something:
            return
        if self._quiet is not None:
            self._quiet.cancel()
            self._quiet = None
        if self._platform == MOTION or not something:
            self._quiet = self.home.clock.after(self._conf["reset"], self.path, Quiet())

    def _show(self, is_on: bool, **more: Any) -> None:
        self.home.entities.report(self._entity.entity_id, is_on=is_on, **more)
