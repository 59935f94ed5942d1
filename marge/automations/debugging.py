"""Breakpoints: a run that comes to one waits until somebody lets it go on. Used on the hub only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gevent.event import Event as GreenletEvent

from marge.errors import HomeError

if TYPE_CHECKING:
    from marge.automations.runner import ScriptRun
    from marge.automations.traces import StoredTracer, TraceStore

ANY = "*"
MAX_BREAKPOINTS = 1_000

Item = tuple[str, str]
Listener = Callable[[dict[str, str]], None]


class Debugger:
    """The breakpoints of one home. Without a listener there are none, and nothing waits at one."""

    def __init__(self, store: TraceStore) -> None:
        self._store = store
        self._breakpoints: dict[Item, dict[str, dict[str, None]]] = {}
        self._listeners: list[Listener] = []
        self._waiting: dict[tuple[Item, str], list[GreenletEvent]] = {}  # branches of a run wait side by side

    # -- for clients -------------------------------------------------------------------------------------------------

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Hear of runs that wait at a breakpoint. Returns the function that ends it; with the last listener the
        breakpoints go, and all runs go on."""
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)
            if not self._listeners:
                self._breakpoints.clear()
                for key in list(self._waiting):
                    self._wake(key)

        return end

    def set(self, item: Item, run_id: str | None, node: str) -> None:
        """Let runs wait before the step `node`.

        Raises:
            HomeError: nobody listens, or there are too many.
        """
        if not self._listeners:
            raise HomeError("No breakpoint subscription")
        if sum(len(nodes) for runs in self._breakpoints.values() for nodes in runs.values()) >= MAX_BREAKPOINTS:
            raise HomeError(f"more than {MAX_BREAKPOINTS} breakpoints")
        self._breakpoints.setdefault(item, {}).setdefault(run_id or ANY, {})[node] = None

    def clear(self, item: Item, run_id: str | None, node: str) -> None:
        """Forget a breakpoint; nothing when there is none."""
        runs = self._breakpoints.get(item, {})
        nodes = runs.get(run_id or ANY, {})
        nodes.pop(node, None)
        if not nodes:
            runs.pop(run_id or ANY, None)
        if not runs:
            self._breakpoints.pop(item, None)

    def list(self) -> list[dict[str, str]]:
        """All breakpoints."""
        return [
            {"domain": domain, "item_id": item_id, "run_id": run_id, "node": node}
            for (domain, item_id), runs in self._breakpoints.items()
            for run_id, nodes in runs.items()
            for node in nodes
        ]

    def go_on(self, item: Item, run_id: str) -> None:
        """Let a run go on until the next breakpoint; nothing when it does not wait."""
        self.clear(item, run_id, ANY)
        self._wake((item, run_id))

    def step(self, item: Item, run_id: str) -> None:
        """Let a run do one step; nothing when it does not wait."""
        if (item, run_id) in self._waiting:
            self.set(item, run_id, ANY)
            self._wake((item, run_id))

    def stop(self, item: Item, run_id: str) -> None:
        """Stop a run; nothing when it is not on."""
        tracer = self._store.running(item, run_id)
        if tracer is not None and tracer.run is not None:
            tracer.run.stop()

    def _wake(self, key: tuple[Item, str]) -> None:
        for waiting in self._waiting.get(key, ()):
            waiting.set()

    # -- for runs ----------------------------------------------------------------------------------------------------

    def watches(self, item: Item) -> bool:
        """Whether runs of this item may have to wait."""
        return bool(self._breakpoints) and item in self._breakpoints

    def before_step(self, tracer: StoredTracer, run: ScriptRun, path: str) -> None:
        """Wait here if there is a breakpoint. In the run's greenlet."""
        item, run_id = tracer.item, tracer.run_id
        runs = self._breakpoints.get(item, {})
        if not any(node in runs.get(each, {}) for each in (run_id, ANY) for node in (path, ANY)):
            return
        self.clear(item, run_id, ANY)
        key = (item, run_id)
        waiting = GreenletEvent()
        self._waiting.setdefault(key, []).append(waiting)
        tracer.waits_at = path
        told: dict[str, Any] = {"domain": item[0], "item_id": item[1], "run_id": run_id, "node": path}
        try:
            run.begin_waiting(shown=False)
            for listener in list(self._listeners):
                listener(told)
            self._store.tell(item)
            waiting.wait()
        finally:
            self._waiting[key].remove(waiting)
            if not self._waiting[key]:
                del self._waiting[key]
                tracer.waits_at = None
            self._store.tell(item)
