"""Records one run for the store of traces, and makes JSON of it in HA's shape."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from marge.automations.tracing import RecordingTracer, TraceStep
from marge.model import cleaned
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.automations.runner import ScriptRun
    from marge.automations.traces import TraceStore
    from marge.model import Context

STEPS_A_PATH = 20
"""Of a step that is done again and again the last ones are kept, as in HA."""
MAX_PATHS = 1_000
MAX_BYTES = 256 * 1024
"""A larger trace is kept without its steps' variables; without its steps when that is not enough."""
_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def _default(value: Any) -> Any:
    fragment = getattr(value, "json", None)
    if isinstance(fragment, bytes):
        return orjson.Fragment(fragment)
    as_dict = getattr(value, "as_dict", None)
    if as_dict is not None:
        return as_dict()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return {"__type": str(type(value)), "total_seconds": value.total_seconds()}
    if isinstance(value, (date, time)):
        return {"__type": str(type(value)), "isoformat": value.isoformat()}
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return {"__type": str(type(value)), "repr": repr(value)[:1000]}


def _dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_default, option=_OPTIONS)
    except (TypeError, ValueError, RecursionError):
        return orjson.dumps(cleaned(value), default=str, option=_OPTIONS)


class StoredTracer(RecordingTracer):
    """Records one run for the store.

    Attributes:
        run_id: 32 hex digits.
        description: what triggered it; None for a script, and for one that somebody started.
    """

    __slots__ = (
        "_config", "_first_shows", "_last", "_paths", "_raw", "_store", "context", "item", "run",
        "run_id", "started", "stopped", "waits_at",
    )  # fmt: skip

    def __init__(self, store: TraceStore, item: tuple[str, str], context: Context, config: Any, raw: Any) -> None:
        super().__init__(store.now)
        self.run_id = uuid.uuid4().hex
        self.item = item
        self.context = context
        self.started = store.now()
        self.stopped: float | None = None
        self.run: ScriptRun | None = None
        self.waits_at: str | None = None
        self._store = store
        self._config = config
        self._raw = raw
        # Lists: an empty deque takes 600 bytes, and runs may wait by the thousand.
        self._paths: dict[str, list[TraceStep]] = {}
        self._last: TraceStep | None = None
        self._first_shows: Mapping[str, Any] | None = None

    def step(self, path: str) -> TraceStep:
        step = TraceStep(path, self._now())
        steps = self._paths.get(path)
        if steps is None:
            if len(self._paths) >= MAX_PATHS:
                return step
            steps = self._paths[path] = []
        elif len(steps) >= STEPS_A_PATH:
            del steps[0]
        steps.append(step)
        self._last = step
        if self._first_shows is not None:
            step.changed_variables, self._first_shows = dict(self._first_shows), None
        return step

    def begins(self, run: ScriptRun, changed: Mapping[str, Any]) -> None:
        self.run = run
        self._first_shows = changed

    def variable_changed(self, path: str, name: str, value: Any) -> None:
        steps = self._paths.get(path)
        if steps:
            steps[-1].changed_variables = {**(steps[-1].changed_variables or {}), name: value}

    def calls(self, child: StoredTracer) -> None:
        """A step of this run has started another run."""
        for steps in reversed(self._paths.values()):
            step = steps[-1]
            if step.child_id is None and (step.result or {}).get("running_script"):
                domain, item_id = child.item
                step.child_id = {"domain": domain, "item_id": item_id, "run_id": child.run_id}
                return

    @property
    def watched(self) -> bool:  # type: ignore[override]
        return self._store.debugger.watches(self.item)

    def before_step(self, run: ScriptRun, path: str) -> None:
        self._store.debugger.before_step(self, run, path)

    def finished(self, execution: str, error: str | None = None) -> None:
        if self.stopped is None:
            super().finished(execution, error)
            self.stopped = self._now()
            self._store.ended(self)

    # -- what clients see --------------------------------------------------------------------------------------------

    def short(self) -> dict[str, Any]:
        domain, item_id = self.item
        shown: dict[str, Any] = {
            "last_step": None if self._last is None else self._last.path,
            "run_id": self.run_id,
            "state": "stopped" if self.stopped is not None else ("debugged" if self.waits_at else "running"),
            "script_execution": self.execution,
            "timestamp": {
                "start": iso(self.started), "finish": None if self.stopped is None else iso(self.stopped)
            },
            "domain": domain,
            "item_id": item_id,
        }
        if self.error is not None:
            shown["error"] = self.error
        if domain == "automation":
            shown["trigger"] = self._trigger_text()
        return shown

    def _trigger_text(self) -> str | None:
        for path, steps in self._paths.items():
            if path.startswith("trigger"):
                trigger = (steps[0].changed_variables or {}).get("trigger")
                if isinstance(trigger, Mapping):
                    found = trigger.get("description")
                    return None if found is None else str(found)
        return None

    def whole(self, short: dict[str, Any] | None = None) -> bytes:
        """The JSON with everything, within bounds. `short`: what `short()` says, when it was asked already."""
        short = self.short() if short is None else short
        for detail in (2, 1, 0):
            document = {
                **short,
                "trace": self._steps(detail),
                "config": self._config,
                "blueprint_inputs": self._raw if self._raw is not self._config else None,
                "context": self.context.as_dict(),
            }
            made = _dumps(document)
            if len(made) <= MAX_BYTES:
                return made
        return _dumps({**short, "trace": {}, "config": None, "blueprint_inputs": None,
                       "context": self.context.as_dict()})

    def _steps(self, detail: int) -> dict[str, list[dict[str, Any]]]:
        if detail == 0:
            return {}
        return {path: [_shown(step, detail) for step in steps] for path, steps in self._paths.items()}


def _shown(step: TraceStep, detail: int) -> dict[str, Any]:
    shown: dict[str, Any] = {"path": step.path, "timestamp": iso(step.time)}
    if step.child_id is not None:
        shown["child_id"] = step.child_id
    if step.changed_variables and detail == 2:
        shown["changed_variables"] = step.changed_variables
    if step.error is not None:
        shown["error"] = step.error
    if step.result is not None and detail == 2:
        shown["result"] = step.result
    return shown
