"""What a template helper would show, while its form is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import gevent
from gevent.event import Event as GreenletEvent

from marge.integrations.template.base import TemplateEntity
from marge.integrations.template.entities import KINDS
from marge.integrations.template.watch import Watch
from marge.model import Context
from marge.templating import RenderInfo

if TYPE_CHECKING:
    from marge.home import Home

Emit = Callable[[dict[str, Any]], None]


class TemplatePreview:
    """Tells `emit` what the entity would show, now and after each change. `end()` ends it."""

    def __init__(self, home: Home, kind: str, conf: Mapping[str, Any], emit: Emit) -> None:
        self._emit = emit
        self._entity: TemplateEntity = KINDS[kind](home, conf)
        self._watch = Watch(home, self._entity.sources, self._due, self._slow)
        self._names: set[str] = set()
        self._changed = GreenletEvent()
        self._greenlet: gevent.Greenlet | None = None
        self._last: dict[str, Any] | None = None

    def start(self) -> None:
        """Tell the first time; in the caller's greenlet."""
        self._show(self._watch.render(None, {}))
        self._greenlet = gevent.spawn(self._run)

    def end(self) -> None:
        self._watch.end()
        if self._greenlet is not None and self._greenlet is not gevent.getcurrent():
            self._greenlet.kill(block=False)

    def _due(self, names: frozenset[str], _context: Context | None, _entity_id: str | None) -> None:
        self._names |= names
        self._changed.set()

    def _slow(self, found: dict[str, RenderInfo]) -> None:
        self._show(found)

    def _run(self) -> None:
        while True:
            self._changed.wait()
            self._changed.clear()
            names, self._names = frozenset(self._names), set()
            self._show(self._watch.render(names, {}))

    def _show(self, found: Mapping[str, RenderInfo]) -> None:
        error = next((info.error for info in found.values() if info.error is not None), None)
        if error is not None:
            self._tell({"error": error})
            return
        self._entity.take_all(found)
        state, attributes = self._entity.shown()
        self._tell({"attributes": attributes, "listeners": self._watch.listeners(), "state": state})

    def _tell(self, event: dict[str, Any]) -> None:
        if event != self._last:
            self._last = event
            self._emit(event)
