"""How far a long piece of work with a backup is."""

from __future__ import annotations

from collections.abc import Callable


class Meter:
    """Bytes done and to do. The thread that works writes it, anybody reads it: plain numbers, no locks.

    Attributes:
        step: `pack`, `check` or `unpack`; a restore has two.
        done, total: bytes of this step; `total` is 0 until it is known.
    """

    def __init__(self, told: Callable[[Meter], None] | None = None) -> None:
        self.step = ""
        self.done = self.total = 0
        self._told = told

    def begin(self, step: str, total: int) -> None:
        self.step, self.done, self.total = step, 0, total

    def advance(self, size: int) -> None:
        # A file may grow while it is read.
        self.done = min(self.done + size, self.total)
        if self._told is not None:
            self._told(self)

    @property
    def percent(self) -> int | None:
        """How much is done, 0 … 100; None: it is not known yet."""
        return None if self.total <= 0 else self.done * 100 // self.total
