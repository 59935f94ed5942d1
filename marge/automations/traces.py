"""Traces of runs as HA's clients see them: the last few of each automation and script, kept over a restart.

A trace is made to JSON when its run ends, so it holds on to nothing that changes. Not here: stopping at breakpoints
(`debugging`), commands.
"""

from __future__ import annotations

import uuid
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import structlog

from marge.actors import ChildSpec, PinnedActor
from marge.automations.debugging import Debugger
from marge.automations.shared import shared_of
from marge.automations.tracing import RecordingTracer, Tracer, TraceStep
from marge.errors import AlreadyExists, MargeError
from marge.model import cleaned, loads
from marge.util.dt import iso

if TYPE_CHECKING:
    from marge.automations.runner import ScriptRun
    from marge.home import Home
    from marge.model import Context

log = structlog.get_logger("marge.automations")

KEY = "traces"
STORED = "trace/"
PATH = "/traces"
STEPS_A_PATH = 20
"""Of a step that is done again and again the last ones are kept, as in HA."""
MAX_PATHS = 1_000
MAX_BYTES = 256 * 1024
"""A larger trace is kept without its steps' variables; without its steps when that is not enough."""
MAX_TOTAL_BYTES = 64 * 1024 * 1024
SAVE_EVERY_S = 600.0
"""Traces are saved this often, and at the end; a power cut costs the newest ones, not the memory card."""
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


class Trace(NamedTuple):
    """A run that is over.

    Attributes:
        short: as a list of traces shows it.
        whole: the JSON with everything.
    """

    short: dict[str, Any]
    context_id: str
    whole: bytes


class StoredTracer(RecordingTracer):
    """Records one run for the store.

    Attributes:
        run_id: 32 hex digits.
        description: what triggered it; None for a script, and for one that somebody started.
    """

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
        self._paths: dict[str, deque[TraceStep]] = {}
        self._last: TraceStep | None = None
        self._first_shows: Mapping[str, Any] | None = None

    def step(self, path: str) -> TraceStep:
        step = TraceStep(path, self._now())
        steps = self._paths.get(path)
        if steps is None:
            if len(self._paths) >= MAX_PATHS:
                return step
            steps = self._paths[path] = deque(maxlen=STEPS_A_PATH)
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


class TraceStore:
    """The traces of one home, at `home.shared["traces"]`: those of runs that are on, and the last ones of each item.

    An item is `(domain, id)`: an automation's id in the files (without one it leaves no traces), a script's id.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self.debugger = Debugger(self)
        self._running: dict[tuple[str, str], dict[str, StoredTracer]] = {}
        self._by_context: dict[str, list[StoredTracer]] = {}
        self._ended: OrderedDict[tuple[str, str], OrderedDict[str, Trace]] = OrderedDict()
        self._bytes = 0
        self._dirty: set[tuple[str, str]] = set()
        self._is_loaded = False

    def now(self) -> float:
        return self._home.clock.now()

    # -- for the engine ----------------------------------------------------------------------------------------------

    def new_tracer(self, _home: Home, entity_id: str, context: Context) -> Tracer:
        """A tracer for a run of the automation or script behind this entity."""
        entity: Any = self._home.entities.owned.get(entity_id)
        domain = entity_id.partition(".")[0]
        shared = shared_of(self._home)
        if domain == "automation":
            loaded = shared.automations.get(getattr(entity, "key", ""))
            item_id = getattr(entity, "unique_id", None)
        else:
            item_id = getattr(entity, "key", None)
            loaded = shared.scripts.get(f"script.{item_id}")
        if loaded is None or loaded.config is None or item_id is None or not _limit(loaded):
            return Tracer()
        item = (domain, item_id)
        tracer = StoredTracer(self, item, context, loaded.effective, loaded.raw)
        if domain == "script":
            for parent in reversed(self._by_context.get(context.id, ())):
                parent.calls(tracer)
                break
        self._running.setdefault(item, {})[tracer.run_id] = tracer
        self._by_context.setdefault(context.id, []).append(tracer)
        return tracer

    def ended(self, tracer: StoredTracer) -> None:
        """A run is over: its trace is kept, the oldest of its item goes."""
        item = tracer.item
        running = self._running.get(item, {})
        running.pop(tracer.run_id, None)
        if not running:
            self._running.pop(item, None)
        siblings = self._by_context.get(tracer.context.id, [])
        if tracer in siblings:
            siblings.remove(tracer)
        if not siblings:
            self._by_context.pop(tracer.context.id, None)
        short = tracer.short()
        self._keep(item, Trace(short, tracer.context.id, tracer.whole(short)))
        self._dirty.add(item)

    def _keep(self, item: tuple[str, str], trace: Trace) -> None:
        traces = self._ended.setdefault(item, OrderedDict())
        self._ended.move_to_end(item)
        traces[trace.short["run_id"]] = trace
        self._bytes += len(trace.whole)
        while len(traces) > self._limit_of(item):
            self._bytes -= len(traces.popitem(last=False)[1].whole)
        while self._bytes > MAX_TOTAL_BYTES and len(self._ended) > 1:
            _item, gone = self._ended.popitem(last=False)
            self._bytes -= sum(len(each.whole) for each in gone.values())

    def _limit_of(self, item: tuple[str, str]) -> int:
        loaded = self._loaded(item)
        return _limit(loaded) if loaded is not None and loaded.config is not None else 5

    def _loaded(self, item: tuple[str, str]) -> Any:
        shared = shared_of(self._home)
        domain, item_id = item
        return shared.automations.get(f"id {item_id}") if domain == "automation" else shared.scripts.get(
            f"script.{item_id}"
        )

    # -- for clients -------------------------------------------------------------------------------------------------

    def list(self, domain: str, item_id: str | None = None) -> list[dict[str, Any]]:
        """The traces in short, oldest first, each item's together. Waits for the database, once."""
        self._load()
        return [
            tracer.short() if isinstance(tracer, StoredTracer) else tracer.short
            for item in self._items(domain, item_id)
            for tracer in self._of(item)
        ]

    def get(self, domain: str, item_id: str, run_id: str) -> bytes | None:
        """The JSON of a trace, or None. Waits for the database, once."""
        self._load()
        item = (domain, item_id)
        running = self.running(item, run_id)
        if running is not None:
            return running.whole()
        traces = self._ended.get(item)
        kept = None if traces is None else traces.get(run_id)
        return None if kept is None else kept.whole

    def contexts(self, domain: str | None, item_id: str | None) -> dict[str, dict[str, str]]:
        """Context id to the run that has it. Waits for the database, once."""
        self._load()
        found = {}
        for item in self._items(domain, item_id):
            for each in self._of(item):
                one = isinstance(each, StoredTracer)
                run_id = each.run_id if one else each.short["run_id"]
                context_id = each.context.id if one else each.context_id
                found[context_id] = {"run_id": run_id, "domain": item[0], "item_id": item[1]}
        return found

    def running(self, item: tuple[str, str], run_id: str) -> StoredTracer | None:
        """The tracer of a run that is on."""
        return self._running.get(item, {}).get(run_id)

    def _items(self, domain: str | None, item_id: str | None) -> Iterator[tuple[str, str]]:
        items = dict.fromkeys([*self._ended, *self._running])
        for item in items:
            if (domain is None or item[0] == domain) and (item_id is None or item[1] == item_id):
                yield item

    def _of(self, item: tuple[str, str]) -> Iterator[Any]:
        yield from self._ended.get(item, {}).values()
        yield from self._running.get(item, {}).values()

    # -- over a restart ----------------------------------------------------------------------------------------------

    def _load(self) -> None:
        """What was saved before the start comes before what has been since."""
        if self._is_loaded:
            return
        self._is_loaded = True
        stored = self._home.storage.load_all(STORED)
        since, self._ended, self._bytes = self._ended, OrderedDict(), 0
        for key, document in stored.items():
            domain, _, item_id = key.removeprefix(STORED).partition(".")
            for whole in document if isinstance(document, list) else []:
                short = {name: whole.get(name) for name in _SHORT if name in whole}
                self._keep((domain, item_id), Trace(short, whole["context"]["id"], orjson.dumps(whole)))
        for item, traces in since.items():
            for trace in traces.values():
                self._keep(item, trace)

    def save(self) -> None:
        """Save what is new, forget what is no more. Waits."""
        if not self._dirty:
            return
        self._load()
        dirty, self._dirty = self._dirty, set()
        documents: dict[str, Any] = {}
        for item in dirty:
            key = f"{STORED}{item[0]}.{item[1]}"
            if self._loaded(item) is None:
                self._bytes -= sum(len(each.whole) for each in self._ended.pop(item, {}).values())
                documents[key] = None
            else:
                documents[key] = [loads(each.whole) for each in self._ended.get(item, {}).values()]
        self._home.storage.save_many(documents)

    def describe(self) -> dict[str, int]:
        return {
            "items": len(self._ended),
            "traces": sum(map(len, self._ended.values())),
            "running": sum(map(len, self._running.values())),
            "bytes": self._bytes,
        }


_SHORT = (
    "last_step", "run_id", "state", "script_execution", "timestamp", "domain", "item_id", "error", "trigger",
)


def _limit(loaded: Any) -> int:
    config = loaded.config
    script = getattr(config, "script", config)
    return int(script.stored_traces)


class SaveTraces(NamedTuple):
    """Time to save. Told by the clock."""


class TraceKeeper(PinnedActor):
    """Saves the traces now and then, and at the end. Takes `SaveTraces`."""

    def __init__(self, home: Home, store: TraceStore) -> None:
        self._home = home
        self._store = store

    def on_start(self) -> None:
        self._home.clock.after(SAVE_EVERY_S, self.actor_ref, SaveTraces())

    def on_receive(self, message: Any) -> None:
        if isinstance(message, SaveTraces):
            self._home.clock.after(SAVE_EVERY_S, self.actor_ref, SaveTraces())
            self._save()

    def on_stop(self) -> None:
        self._save()

    def describe(self) -> dict[str, Any]:
        return dict(self._store.describe())

    def _save(self) -> None:
        try:
            self._store.save()
        except MargeError as exc:
            log.warning("traces were not saved", problem=str(exc))


def ensure_traces(home: Home) -> TraceStore:
    """The home's traces; runs leave them from now on."""
    store = home.shared.get(KEY)
    if not isinstance(store, TraceStore):
        store = home.shared[KEY] = TraceStore(home)
        shared_of(home).new_tracer = store.new_tracer
        try:
            home.system.spawn(ChildSpec(PATH.lstrip("/"), TraceKeeper, (home, store)))
        except AlreadyExists:
            log.warning("somebody keeps traces already")
    return store
