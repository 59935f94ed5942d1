"""Budgets of one render: time, size of values, memory, and letting the hub run in between.

The sandbox of jinja2 limits neither time nor memory, so everything a template can repeat or enlarge passes here: loops,
calls, filters and tests pay `charge`, which looks at the clock now and then; values are weighed before they are built.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextvars import ContextVar
from itertools import islice
from time import monotonic, thread_time
from typing import Any, TypeVar

import gevent
from jinja2 import Undefined
from jinja2.utils import Namespace
from markupsafe import Markup

from marge.templating.errors import TemplateTimeout, TemplateTooBig
from marge.templating.info import RenderInfo
from marge.util.breathe import Turns

MAX_SOURCE = 2**17  # characters of a template
MAX_OUTPUT = 2**18  # characters of what it renders
MAX_STRING = 2**20  # characters of any text on the way
MAX_WEIGHT = 2**23  # rough bytes of any list, tuple, set or dict on the way
MAX_GROWTH = 2**26  # bytes by which a render may make the process grow
MAX_INT_BITS = 2**14
CHUNK = 4096  # items of a list that one call may work on, where nothing else runs meanwhile
YIELD_S = 0.002  # longest time on the hub without letting others run

T = TypeVar("T")
_NUMBERS = frozenset({int, float, bool, type(None)})
CONTAINERS = frozenset({list, tuple, dict, set, frozenset, Namespace})
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident_bytes() -> int:
    """Memory of this process in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * _PAGE
    except OSError:
        return 0


class Render:
    """The running render: its collector, its budget, its text.

    Lives as long as one call of the engine, in one greenlet. `current()` finds it from anywhere below.
    """

    __slots__ = (
        "_cpu", "_had_more", "_look_at", "_resident", "_yield_at", "budget_s", "deadline", "info", "last_list",
        "only_value", "outputs", "source", "turns",
    )

    def __init__(self, source: str, info: RenderInfo, budget_s: float, turns: Turns | None) -> None:
        now = monotonic()
        self.source = source
        self.info = info
        self.budget_s = budget_s
        self.deadline = now + budget_s
        # What may not yield has short budgets, and a busy machine may take the processor away for longer than that.
        self._cpu = thread_time() if turns is None else 0.0
        self._had_more = False
        self.turns = turns
        self.last_list: tuple[Any, int] | None = None
        self.outputs = 0  # how many `{{ … }}` have put something out, and the value of the last
        self.only_value: Any = None
        self._yield_at = now + YIELD_S
        self._look_at = min(self._yield_at, self.deadline)
        self._resident = 0

    def charge(self) -> None:
        """Look at the clock: called at each step of a loop, each call, and between the parts of longer work.

        Raises:
            TemplateTimeout: the time is used up.
            TemplateTooBig: the process grew too much meanwhile.
        """
        if monotonic() > self._look_at:
            self._look()

    def _look(self) -> None:
        now = monotonic()
        if now > self.deadline:
            self._late(now)
        if now >= self._yield_at:
            resident = resident_bytes()
            if not self._resident:
                self._resident = resident
            elif resident - self._resident > MAX_GROWTH:
                raise TemplateTooBig("The template needs too much memory")
            if self.turns is not None and gevent.getcurrent() is not gevent.get_hub():
                self.turns.pause()
            self._yield_at = monotonic() + YIELD_S
        self._look_at = min(self._yield_at, self.deadline)

    def _late(self, now: float) -> None:
        """The deadline is over: end the render, or move the deadline if others had the processor meanwhile."""
        used = self.budget_s if self.turns is not None else thread_time() - self._cpu
        if used >= self.budget_s:
            if self.turns is not None or self._had_more:
                raise TemplateTimeout(self.budget_s)
            # A look for cyclic garbage may have taken more than a short budget, and is not the template's fault.
            self._had_more = True
            used = self.budget_s / 2
            self._cpu = thread_time() - used
        self.deadline = now + self.budget_s - used

    def before_block(self) -> None:
        """What follows is one call that nothing can interrupt, of some milliseconds perhaps."""
        if self.turns is not None and gevent.getcurrent() is not gevent.get_hub():
            self.turns.await_slice()

    def remaining_s(self) -> float:
        """Seconds left, at least one millisecond."""
        return max(self.deadline - monotonic(), 0.001)

    def log(self, level: str, text: str) -> None:
        """Keep a message for whoever asked for this render; a bounded number."""
        if len(self.info.messages) < 100:
            self.info.messages.append((level, text))


# Greenlets and threads have their own; nothing is kept here between renders.
_CURRENT: ContextVar[Render | None] = ContextVar("marge_template_render", default=None)

current = _CURRENT.get
begin = _CURRENT.set
end = _CURRENT.reset


def charge() -> None:
    """`Render.charge` of the running render, if there is one."""
    render = current()
    if render is not None:
        render.charge()


def in_parts(items: Collection[T]) -> Iterator[Collection[T]]:
    """The items in parts of moderate size, paid for one by one: each may be worked on in a single call."""
    if len(items) <= CHUNK:
        yield items
        return
    rest = iter(items)
    while part := list(islice(rest, CHUNK)):
        charge()
        yield part


def too_long(size: int | float, limit: int = MAX_STRING) -> None:
    """Refuse a text before it is made.

    Raises:
        TemplateTooBig: more than `limit` characters.
    """
    if size > limit:
        raise TemplateTooBig(f"A text of {int(min(size, 10**18))} characters is more than allowed ({limit})")


def too_heavy(size: int) -> None:
    """Refuse a list before it is made.

    Raises:
        TemplateTooBig: more than `MAX_WEIGHT`.
    """
    if size > MAX_WEIGHT:
        raise TemplateTooBig("A list or mapping is larger than a template may make")


def weight(value: Any, depth: int = 0) -> int:
    """Rough size in bytes of a value as text or in memory, shared parts counted each time.

    Raises:
        TemplateTooBig: as soon as it is more than `MAX_WEIGHT`, so nested copies cannot take exponential time.
    """
    kind = type(value)
    if kind is str:
        return 16 + len(value)
    if kind is bytes:
        return 16 + 4 * len(value)
    if kind in _NUMBERS:
        return 16
    if kind is dict or kind.__name__ == "ReadOnlyDict":
        return 64 + _weigh_items(value.keys(), depth) + _weigh_items(value.values(), depth)
    if kind is Namespace:
        return 64 + _weigh_items(value._Namespace__attrs.values(), depth)
    if isinstance(value, (list, tuple, set, frozenset)):
        return 64 + _weigh_items(value, depth)
    return 128


def _weigh_items(items: Any, depth: int) -> int:
    if not len(items):
        return 0
    if depth > 200:
        raise TemplateTooBig("A value is nested too deeply")
    total = 0
    for part in in_parts(items):
        kinds = set(map(type, part))
        if kinds <= _NUMBERS:
            total += 16 * len(part)
        elif kinds == {str}:
            total += 16 * len(part) + sum(map(len, part))
        else:
            total += 8 * len(part)
            for item in part:
                total += weight(item, depth + 1)
                if total > MAX_WEIGHT:
                    break
                charge()
        too_heavy(total)
    return total


def checked(value: Any) -> Any:
    """The value, after making sure that it is not too big."""
    kind = type(value)
    if kind is str or kind is Markup:
        if len(value) > MAX_STRING:
            too_long(len(value))
    elif kind in CONTAINERS:
        weight(value)
    elif kind is int and value.bit_length() > MAX_INT_BITS:
        raise TemplateTooBig("A number is larger than a template may make")
    return value


class Ticked:
    """An iterable that pays for each item. What `for` loops and filters run over."""

    __slots__ = ("_items",)

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items

    def __iter__(self) -> Iterator[Any]:
        render = current()
        if render is None:
            yield from self._items
            return
        pay = render.charge
        for item in self._items:
            pay()
            yield item

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]


def ticked(value: Any) -> Any:
    """The iterable with payment; unknown names and what cannot be iterated stay what they are."""
    if isinstance(value, Undefined) or not hasattr(value, "__iter__"):
        return value
    return Ticked(value)


def consumable(value: Any, lazily: bool = False) -> Any:
    """What a filter may run over: short sequences as they are, generators item by item.

    Args:
        lazily: the filter does nothing but iterate, so long sequences may be paid for item by item too.
    """
    kind = type(value)
    if (kind in CONTAINERS and kind is not Namespace) or kind in (str, bytes, range):
        return Ticked(value) if lazily and len(value) > 1000 else value
    if hasattr(value, "__next__"):
        return iter(Ticked(value))
    return value
