"""Locks whose bolts need two seconds; one of them jams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from marge.actors import Future
from marge.bridges.demo.item import Item, with_fields
from marge.bridges.demo.later import SlowEntity
from marge.domains.lock import OPEN, LockEntity

if TYPE_CHECKING:
    from marge.home import Home

BOLT_S = 2.0


class DemoLock(SlowEntity, LockEntity):
    """`is_misfitted`: locking it jams it."""

    is_misfitted: bool = False

    def lock(self, **code: str) -> Future:
        self._begin(is_locking=True)
        return self.slowly(BOLT_S, self._jammed if self.is_misfitted else self._over(is_locked=True))

    def unlock(self, **code: str) -> Future:
        self._begin(is_unlocking=True)
        return self.slowly(BOLT_S, self._over(is_locked=False))

    def open(self, **code: str) -> Future:
        self._begin(is_opening=True)
        return self.slowly(BOLT_S, self._over(is_locked=False, is_open=True))

    def interrupted(self) -> None:
        self._begin()

    def _begin(self, **what: bool) -> None:
        self.is_jammed = self.is_open = False
        self.is_locking = self.is_unlocking = self.is_opening = False
        for name in what:
            setattr(self, name, True)

    def _over(self, is_locked: bool, is_open: bool = False) -> Callable[[], None]:
        def over() -> None:
            self._begin()
            self.is_locked, self.is_open = is_locked, is_open

        return over

    def _jammed(self) -> None:
        self._begin()
        self.is_locked, self.is_jammed = False, True


_LOCKS = (
    ("Front Door", {"is_locked": True}),
    ("Kitchen Door", {"is_locked": False}),
    ("Poorly Installed Door", {"is_locked": False, "is_misfitted": True}),
    ("Openable Lock", {"is_locked": True, "supported_features": OPEN}),
)


def items(home: Home) -> Iterator[Item]:
    for name, shown in _LOCKS:
        lock = with_fields(DemoLock(), **shown)
        lock.home = home
        yield Item(f"lock.{name.lower().replace(' ', '_')}", lock, name)
