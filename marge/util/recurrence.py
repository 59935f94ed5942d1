"""Repetition rules of RFC 5545, by python-dateutil, with an end to every search.

dateutil looks for the next occurrence until the year 9999, whatever `until` says: three seconds for a rule that never
takes place. Its code is therefore loaded a second time, for Marge alone, with a nearer last year.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Repeated events begin and take place in between."""


def _bounded() -> Any:
    found = importlib.util.find_spec("dateutil.rrule")
    assert found is not None and found.origin is not None
    spec = importlib.util.spec_from_file_location("dateutil.rrule_of_marge", found.origin)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.datetime = SimpleNamespace(**{**vars(dt), "MAXYEAR": LAST_YEAR})  # type: ignore[attr-defined]
    return module


_RRULE = _bounded()


def occurrences(rule: str, start: dt.datetime, until: dt.datetime | None = None) -> Iterator[dt.datetime]:
    """When a rule without `UNTIL` and `COUNT` takes place, from `start` on; naive times. Safe from any thread.

    Raises:
        ValueError, and other errors of dateutil: the rule makes no sense.
    """
    made = _RRULE.rrulestr(rule, dtstart=start)
    return iter(made if until is None else made.replace(until=until))
