"""Traces of runs as HA's clients see them: the last few of each automation and script, kept over a restart.

A trace is made to JSON when its run ends, so it holds on to nothing that changes. Not here: stopping at breakpoints
(`debugging`), commands.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import structlog

from marge.actors import Backoff, ChildSpec, PinnedActor
from marge.automations.debugging import Debugger
from marge.automations.shared import shared_of
from marge.automations.stored_tracer import StoredTracer
from marge.automations.tracing import Tracer
from marge.errors import AlreadyExists
from marge.model import loads

if TYPE_CHECKING:
    from marge.home import Home
    from marge.model import Context

log = structlog.get_logger("marge.automations")

KEY = "traces"
STORED = "trace/"
_BACKOFF = Backoff(pauses_s=(0.0, 1.0, 5.0, 30.0), max_restarts=1_000_000, settle_s=60.0)
"""It must not count against the root."""
PATH = "/traces"
MAX_TOTAL_BYTES = 64 * 1024 * 1024
SAVE_EVERY_S = 600.0
"""Traces are saved this often, and at the end; a power cut costs the newest ones, not the memory card."""


class Trace(NamedTuple):
    """A run that is over.

    Attributes:
        short: as a list of traces shows it.
        whole: the JSON with everything.
    """

    short: dict[str, Any]
    context_id: str
    whole: bytes


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
        self._followers: list[Callable[[tuple[str, str]], None]] = []

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
        self.tell(item)
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
        self.tell(item)

    def follow(self, follower: Callable[[tuple[str, str]], None]) -> Callable[[], None]:
        """Hear of each item of which a run began, ended, or waits at a breakpoint: at once, in the run's own time, so
        `follower` only takes note of it. Returns the function that ends it."""
        self._followers.append(follower)

        def end() -> None:
            if follower in self._followers:
                self._followers.remove(follower)

        return end

    def tell(self, item: tuple[str, str]) -> None:
        """Tell those who follow that something is different about an item's runs."""
        for follower in self._followers:
            follower(item)

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
                if not (isinstance(whole, dict) and isinstance(whole.get("context"), dict) and "run_id" in whole):
                    continue
                short = {name: whole.get(name) for name in _SHORT if name in whole}
                self._keep((domain, item_id), Trace(short, str(whole["context"].get("id")), orjson.dumps(whole)))
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
        try:
            self._home.storage.save_many(documents)
        except Exception:
            self._dirty |= dirty  # the next time
            raise

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
        except Exception as exc:  # noqa: BLE001 - the border: a full disk or a closed database costs traces only
            log.warning("traces were not saved", problem=str(exc) or type(exc).__name__)


def ensure_traces(home: Home) -> TraceStore:
    """The home's traces; runs leave them from now on."""
    store = home.shared.get(KEY)
    if not isinstance(store, TraceStore):
        store = home.shared[KEY] = TraceStore(home)
        shared_of(home).new_tracer = store.new_tracer
        try:
            home.system.spawn(ChildSpec(PATH.lstrip("/"), TraceKeeper, (home, store), backoff=_BACKOFF))
        except AlreadyExists:
            log.warning("somebody keeps traces already")
    return store
