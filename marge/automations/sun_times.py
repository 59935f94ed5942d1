"""Sunrise and sunset for triggers and conditions, out of the almanac: nobody waits here.

Not here: where the almanac has its table from (`marge.solar`), and the `sun.sun` entity.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from marge.solar import KINDS, Place, SolarKind
from marge.solar.almanac import almanac_of

if TYPE_CHECKING:
    from marge.automations.kinds import Condition
    from marge.home import Home


def sun_times_of_day(home: Home, day: date) -> dict[SolarKind, float | None]:
    """`sunrise`, `sunset` and the others (epoch seconds) of a local day; None where there is none.

    While the almanac has no table for that day, because the time was set far away or the home has moved, what it says
    of the same day of another year or of the former place serves.

    Raises:
        Unavailable: the almanac has never had a table.
    """
    zone = home.config.time_zone
    start = datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone).timestamp()
    table, shift = almanac_of(home).nearly(start - 1)
    found: dict[SolarKind, float | None] = {}
    for kind in KINDS:
        moment = table.next_event(kind, start - 1 + shift)
        found[kind] = moment - shift if moment is not None and moment - shift < end else None
    return found


def place_of(home: Home) -> Place:
    """Where the sun is looked at from."""
    return almanac_of(home).place


def asks_sun(conditions: Sequence[Condition]) -> bool:
    """Whether one of the conditions, or one inside them, is about the sun."""
    return any(condition.name == "sun" or asks_sun(condition.config.get("conditions", ())) for condition in conditions)


def find_next(
    home: Home, owner: object, kind: SolarKind, after: float, deliver: Callable[[float | None], None]
) -> None:
    """Call `deliver(epoch or None)`, which must not wait, with the first event after `after`: now, or when the almanac
    knows it. Instead of what the same owner has asked before, if that has not come yet."""
    almanac = almanac_of(home)

    def known() -> None:
        table = almanac.exact(after)
        assert table is not None
        deliver(table.next_event(kind, after))

    almanac.when_known(owner, after, known)


def forget(home: Home, owner: object) -> None:
    """The owner does not want its answer any more."""
    almanac_of(home).forget(owner)


def warm(home: Home) -> None:
    """Conditions will ask for the sun: let the almanac have its table by then. Returns at once."""
    almanac_of(home).exact(home.clock.home_now())
